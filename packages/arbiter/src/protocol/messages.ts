/**
 * What the arbiter and a host say to each other over IPC. What comes from a host is not trusted: `guard.ts` has a guard for
 * every message, and one without does not compile.
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
  /** Options as the user gave them; the host validates them again, because a validated value may not be JSON. */
  readonly options: unknown
  readonly settings: WorkerSettings
  readonly listeners: readonly {
    readonly address: AddressInfo | string
    readonly isTls?: boolean
    readonly isHttp2?: boolean
  }[]
  /** With private keys: it must not be shown. For the listeners that speak TLS. */
  readonly tls?: ListenerTls
  /** The addresses are not bound: the app decides where. @default false */
  readonly isAddressOpen?: boolean
  /** The app's listeners for SIGTERM are called when the worker drains. @default false */
  readonly isAppSignalled?: boolean
  readonly umask: number
  /** Whom to become before anything of the user is loaded; absent: nobody else. */
  readonly identity?: Identity
  readonly title: string
  readonly heartbeatMs: number
  /** Number of workers of the group, and the settings that the user gave: what a worker class may ask for. */
  readonly workers: number
  readonly given: readonly string[]
  /** Absent: requests are not logged. */
  readonly accessLog?: AccessLogInit
  /** The arbiter reads what the app prints. @default false */
  readonly capturesOutput?: boolean
  /** Where the workers of the group share how many connections they hold. Absent: they do not. */
  readonly balance?: { readonly fd: number; readonly seat: number }
  /** Config file with hooks that run in workers; empty when it has none. */
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
  /** 0 = a free one. */
  readonly port: number
  /** The app is loaded once a debugger is there, and pauses where it begins. */
  readonly isBreaking: boolean
}

/** Where a worker writes a line for every request, and what is in it. */
export interface AccessLogInit {
  /** Absolute path, or `-` for the descriptor. */
  readonly file: string
  readonly fd: number
  readonly format: string
  readonly fields: readonly string[]
  /** Patterns of requests that have no line. */
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

/** Requests that a worker names at once. */
export const maxNamed = 10

/** A worker's figures, sent with every heartbeat. */
export interface HeartbeatSample {
  /** Bytes. Absent: it could not be read. */
  readonly rss?: number | undefined
  readonly inFlight: number
  /** Requests that have begun since the worker was spawned. */
  readonly requests: number
  /** Absent: the worker class could not tell. */
  readonly connections?: number | undefined
  /** How much of what it can do at a time it does; 1 is all of it. Absent: the worker class does not tell. */
  readonly load?: number | undefined
  /** What the worker class shows of itself, by name. Absent: it could not tell. */
  readonly gauges?: Readonly<Record<string, number>> | undefined
  /** Share of time in which the event loop was busy since the last sample, 0 to 1. */
  readonly eventLoopUtilization: number
  /** How late the event loop was at worst but for one look in a hundred, since the last sample; 0 when not measured yet. */
  readonly eventLoopDelayP99Ms: number
  /** How requests have ended since the worker was spawned. Absent: as the last one that had it says. */
  readonly ended?: RequestFigures | undefined
  /** The longest requests in flight, at most ten. */
  readonly longest: readonly RequestInFlight[]
}

/** What is known of a worker's figures: one that a heartbeat leaves out is still what it was, and 0 before the first. */
export type WorkerSample = HeartbeatSample & {
  readonly rss: number
  readonly connections: number
  readonly gauges: Readonly<Record<string, number>>
}

export type ToHost =
  | { readonly type: 'init'; readonly init: WorkerInit }
  /** A handle of the listener with this index; it travels with the message. */
  | { readonly type: 'handle'; readonly index: number }
  | { readonly type: 'serve' }
  /** `isQuick`: the server stops at once. */
  | { readonly type: 'drain'; readonly deadlineMs: number; readonly isQuick: boolean }
  /** From one other worker. Each item is JSON. */
  | { readonly type: 'broadcast'; readonly items: readonly string[] }
  /** What the listeners are bound to, after `ask-address`. */
  | { readonly type: 'addresses'; readonly addresses: readonly (AddressInfo | string)[] }
  /** What was asked for cannot be bound. */
  | { readonly type: 'address-refused'; readonly message: string }
  /** With private keys: it must not be shown. For the listeners that speak TLS, from now on. */
  | { readonly type: 'renew-tls'; readonly tls: ListenerTls }
  /** Log files were moved away: reopen them. */
  | { readonly type: 'reopen' }
  /** Somebody wants to look into it. What is found goes to `file`, which does not exist yet; `examined` follows. */
  | { readonly type: 'examine'; readonly examination: FileExamination; readonly file: string }
  /** Somebody wants to debug it, or no longer; `inspected` follows. */
  | { readonly type: 'inspect'; readonly order: InspectorOrder }

export type FromHost =
  /** Everything is loaded; only the app has not said yet that it is ready. */
  | { readonly type: 'awaiting-ready' }
  | { readonly type: 'booted' }
  /** To other workers, of one group or of all. Each item is JSON. */
  | { readonly type: 'broadcast'; readonly items: readonly string[]; readonly group?: string | undefined }
  /** Its app is loaded, and is to be served at an address that is open. Absent: the app has asked for none. */
  | { readonly type: 'ask-address'; readonly asked?: AskedAddress | undefined }
  | { readonly type: 'serving' }
  | { readonly type: 'heartbeat'; readonly sample: HeartbeatSample }
  | { readonly type: 'retire'; readonly reason: string }
  /** It has served all it may and drains by itself. */
  | { readonly type: 'leaving'; readonly reason: string; readonly ended: RequestFigures }
  /** The answer to `examine`. `problem`: why there is nothing in the file. */
  | { readonly type: 'examined'; readonly file: string; readonly problem?: string | undefined }
  /** The answer to `inspect`. `problem`: why it is not done. */
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
  /** Workers of one generation say it once, all together. */
  readonly isShared?: boolean
  /** The event loop is blocked: the requests in its hands, as the watchdog has found them. */
  readonly blocked?: readonly RequestInFlight[]
  /** A debugger has paused it. */
  readonly paused?: true
  /** Somebody has asked for it: nothing of the record is for the log. */
  readonly stack?: StackReport
}

/** What somebody wants of a living worker that is too much for the channel. */
export type FileExamination =
  | { readonly type: 'profile'; readonly seconds: number }
  | { readonly type: 'heap-snapshot' }

/** What is to become of the inspector of a worker. It is opened on the loopback address; port 0 is a free one. */
export type InspectorOrder = { readonly type: 'open'; readonly port: number } | { readonly type: 'close' }

/** The inspector of a worker. */
export interface InspectorReport {
  /** What debuggers attach to. Absent: it is closed. */
  readonly url?: string | undefined
  /** The app was not loaded in the main thread, which alone is inspected. */
  readonly isAppElsewhere: boolean
  /** So many more requests, and the worker ends. Absent: there is no limit. */
  readonly requestsLeft?: number | undefined
}

/** What the main thread of a worker did when somebody asked. */
export interface StackReport {
  /** `paused`: by a debugger. */
  readonly state: 'running' | 'waiting' | 'native' | 'paused'
  /** As in an error: a line per frame. Empty unless it runs JavaScript. */
  readonly stack: string
  /** The longest requests in flight. Empty also where they cannot be known. */
  readonly requests: readonly RequestInFlight[]
}
