/**
 * The messages between the arbiter and a host over IPC. What comes from a host is not trusted: `guard.ts` has a guard for every
 * message, and a message without one does not compile.
 */
import type { AddressInfo } from 'node:net'
import type { AskedAddress } from '../contract/adoption.js'
import type { ListenerTls } from '../contract/listener-tls.js'
import type { LogLevel } from '../contract/logger.js'
import type { AppKind } from '../contract/worker-class.js'
import type { WorkerSettings } from '../contract/worker-settings.js'
import type { ErrorCode } from '../errors.js'
import type { Identity } from '../system/identity.js'
import type { RequestFigures } from './request-figures.js'

/** Everything that a host needs to build its worker. */
export interface WorkerInit {
  readonly group: string
  readonly age: number
  readonly generation: number
  readonly slot: number
  readonly app: {
    readonly url: string
    readonly exportName: string
    readonly kind: AppKind | 'auto'
    readonly specifier: string
  }
  readonly workerClassUrl: string
  /** Options as the user gave them. The host validates them again, because a validated value may not be JSON. */
  readonly options: unknown
  readonly settings: WorkerSettings
  readonly listeners: readonly {
    readonly address: AddressInfo | string
    readonly isTls?: boolean
    readonly isHttp2?: boolean
  }[]
  /** For the listeners that speak TLS. Includes private keys, so it must not be shown. */
  readonly tls?: ListenerTls
  /** The addresses are not bound, and the app decides where it listens. @default false */
  readonly isAddressOpen?: boolean
  /** The app's listeners for SIGTERM are called when the worker drains. @default false */
  readonly isAppSignalled?: boolean
  readonly umask: number
  /** The identity to take on before any of the user's code is loaded. Absent: no change. */
  readonly identity?: Identity
  readonly title: string
  readonly heartbeatMs: number
  /** Number of workers of the group, and the settings that the user gave. A worker class may ask for both. */
  readonly workers: number
  readonly given: readonly string[]
  /** Absent: requests are not logged. */
  readonly accessLog?: AccessLogInit
  /** The arbiter reads what the app prints. @default false */
  readonly capturesOutput?: boolean
  /** Where the group's workers share how many connections they hold. Absent: they do not. */
  readonly balance?: { readonly fd: number; readonly seat: number }
  /** Config file with hooks that run in workers. Empty: there are no such hooks. */
  readonly hooksFile: string
  /** Where a debugger attaches. Absent: nowhere. */
  readonly inspector?: InspectorInit
  /** Descriptor of the file with the flight record. Absent: there is none. */
  readonly flightFd?: number
  /** Descriptor of a file for the report of a fatal error. Absent: there is none. */
  readonly reportFd?: number
}

/** Where a debugger attaches to a worker. */
export interface InspectorInit {
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
  /** The app is loaded once a debugger is attached, and pauses where it begins. */
  readonly isBreaking: boolean
}

/** Where a worker writes a line for every request, and what is in it. */
export interface AccessLogInit {
  /** Absolute path, or `-` for the descriptor. */
  readonly file: string
  readonly fd: number
  readonly format: string
  readonly fields: readonly string[]
  /** Patterns of requests that get no line. */
  readonly skip: readonly string[]
}

/** A request in flight, as shown in the status and in evidence. */
export interface RequestInFlight {
  readonly method: string
  readonly target: string
  /** How long it has been in flight. */
  readonly ms: number
  /** Absent where `requestIdHeader` is off. */
  readonly id?: string
}

/** The most requests that a worker names at once. */
export const maxNamed = 10

/** A worker's figures, sent with every heartbeat. */
export interface HeartbeatSample {
  /** Bytes. Absent if it could not be read. */
  readonly rss?: number | undefined
  readonly inFlight: number
  /** Requests that have begun since the worker was spawned. */
  readonly requests: number
  /** Absent if the worker class could not say. */
  readonly connections?: number | undefined
  /** The share of its capacity that is in use; 1 is all of it. Absent if the worker class does not say. */
  readonly load?: number | undefined
  /** Gauges of the worker class, by name. Absent if it could not say. */
  readonly gauges?: Readonly<Record<string, number>> | undefined
  /** Share of time in which the event loop was busy since the last sample, 0 to 1. */
  readonly eventLoopUtilization: number
  /** The 99th percentile of the event loop's delay since the last sample; 0 if not measured yet. */
  readonly eventLoopDelayP99Ms: number
  /** How requests have ended since the worker was spawned. Absent: unchanged since the last sample that had it. */
  readonly ended?: RequestFigures | undefined
  /** The longest requests in flight, at most ten. */
  readonly longest: readonly RequestInFlight[]
}

/** What is known about a worker's figures. One that a heartbeat leaves out keeps its last value, and is 0 before the first. */
export type WorkerSample = HeartbeatSample & {
  readonly rss: number
  readonly connections: number
  readonly gauges: Readonly<Record<string, number>>
}

export type ToHost =
  | { readonly type: 'init'; readonly init: WorkerInit }
  /** A handle for the listener with this index. It travels with the message. */
  | { readonly type: 'handle'; readonly index: number }
  | { readonly type: 'serve' }
  /** `isQuick`: the server stops at once. */
  | { readonly type: 'drain'; readonly deadlineMs: number; readonly isQuick: boolean }
  /** From one other worker. Each item is JSON. */
  | { readonly type: 'broadcast'; readonly items: readonly string[] }
  /** The addresses that the listeners are bound to, after `ask-address`. */
  | { readonly type: 'addresses'; readonly addresses: readonly (AddressInfo | string)[] }
  /** The requested address cannot be bound. */
  | { readonly type: 'address-refused'; readonly message: string }
  /** New certificates for the listeners that speak TLS. Includes private keys, so it must not be shown. */
  | { readonly type: 'renew-tls'; readonly tls: ListenerTls }
  /** Log files were moved away: reopen them. */
  | { readonly type: 'reopen' }
  /** Somebody asks for an examination. The result goes to `file`, which does not exist yet; `examined` follows. */
  | { readonly type: 'examine'; readonly examination: FileExamination; readonly file: string }
  /** Somebody wants to start or stop debugging it; `inspected` follows. */
  | { readonly type: 'inspect'; readonly order: InspectorOrder }

export type FromHost =
  /** Everything is loaded, but the app has not said yet that it is ready. */
  | { readonly type: 'awaiting-ready' }
  | { readonly type: 'booted' }
  /** For other workers, of one group or of all. Each item is JSON. */
  | { readonly type: 'broadcast'; readonly items: readonly string[]; readonly group?: string | undefined }
  /** The app is loaded and needs an address that is still open. `asked` is absent if the app has asked for none. */
  | { readonly type: 'ask-address'; readonly asked?: AskedAddress | undefined }
  | { readonly type: 'serving' }
  | { readonly type: 'heartbeat'; readonly sample: HeartbeatSample }
  | { readonly type: 'retire'; readonly reason: string }
  /** It has served all its requests and drains by itself. */
  | { readonly type: 'leaving'; readonly reason: string; readonly ended: RequestFigures }
  /** The answer to `examine`. `problem`: why there is nothing in the file. */
  | { readonly type: 'examined'; readonly file: string; readonly problem?: string | undefined }
  /** The answer to `inspect`. `problem`: why it was not done. */
  | {
      readonly type: 'inspected'
      readonly inspector?: InspectorReport | undefined
      readonly problem?: string | undefined
    }
  /** The last message of an orderly end, with the last figures. */
  | { readonly type: 'drained'; readonly ended: RequestFigures }
  | { readonly type: 'boot-failed'; readonly code: ErrorCode; readonly message: string }

/** The streams of a process that an app prints to. */
export type OutputName = 'stdout' | 'stderr'

/** One line on a worker's diagnostics pipe. */
export interface WorkerLogRecord {
  readonly level: LogLevel
  readonly message: string
  readonly fields?: Readonly<Record<string, unknown>>
  /** Written by all workers of a generation alike, and logged once. */
  readonly isShared?: boolean
  /** The event loop is blocked. These are the requests in flight, as the watchdog found them. */
  readonly blocked?: readonly RequestInFlight[]
  /** A debugger has paused the worker. */
  readonly paused?: true
  /** The answer to a request for the stack. Nothing in this record is for the log. */
  readonly stack?: StackReport
}

/** An examination of a living worker whose result is too large for the channel. */
export type FileExamination =
  | { readonly type: 'profile'; readonly seconds: number }
  | { readonly type: 'heap-snapshot' }

/** Opens or closes the inspector of a worker. It is opened on the loopback address; port 0 is any free port. */
export type InspectorOrder = { readonly type: 'open'; readonly port: number } | { readonly type: 'close' }

/** The state of a worker's inspector. */
export interface InspectorReport {
  /** The URL for debuggers. Absent if it is closed. */
  readonly url?: string | undefined
  /** The main thread has loaded no app. Only the main thread can be inspected. */
  readonly isAppElsewhere: boolean
  /** How many more requests the worker serves before it ends. Absent: there is no limit. */
  readonly requestsLeft?: number | undefined
}

/** What the main thread of a worker was doing when somebody asked. */
export interface StackReport {
  /** `paused`: by a debugger. */
  readonly state: 'running' | 'waiting' | 'native' | 'paused'
  /** A line for each frame, as in an error. Empty unless the thread runs JavaScript. */
  readonly stack: string
  /** The longest requests in flight. Also empty when they are not known. */
  readonly requests: readonly RequestInFlight[]
}
