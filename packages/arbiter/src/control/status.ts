/**
 * What `GET /status` answers. Times are ISO 8601 texts in UTC. Later versions may add members, but never
 * change the meaning of one. If one has to change, `api` is raised.
 */
import type { ArbiterPhase } from '../supervision/arbiter-phase.js'

/** The whole answer. */
export interface ServerStatus {
  /** Version of this interface. */
  readonly api: 1
  readonly arbiter: ArbiterStatus
  /** In the order of the configuration. */
  readonly groups: readonly GroupStatus[]
}

export interface ArbiterStatus {
  readonly pid: number
  /** Version of Tunicorn. */
  readonly version: string
  /** Of Node.js, for example `v20.20.0`. */
  readonly nodeVersion: string
  /** Number of the serving generation: how many reloads were tried before it. */
  readonly generation: number
  readonly state: ArbiterPhase
  readonly startedAt: string
  /** Memory of the arbiter itself, in bytes; `null` if it cannot be read because no file descriptor is free. */
  readonly rss: number | null
  /** How the last reload ended; `null` if there was none. */
  readonly lastReload: ReloadStatus | null
}

export interface ReloadStatus {
  /** `failed`: the generation that served before keeps serving. */
  readonly result: 'done' | 'failed'
  readonly at: string
  /** Why it failed. */
  readonly error: ErrorStatus | null
}

/** An error as the control API shows it. */
export interface ErrorStatus {
  /** One of the codes in `errorCodes`, or `UNEXPECTED`. */
  readonly code: string
  readonly message: string
}

export interface GroupStatus {
  readonly name: string
  /** Name of the worker class. */
  readonly workerClass: string
  /** App specifier. */
  readonly app: string
  /** Real addresses: `http://127.0.0.1:8000`, `unix:/run/app.sock`; `tcp://…` for a class that does not speak HTTP. */
  readonly bind: readonly string[]
  /** The certificates that it presents. The first is for clients that send no server name. Empty: it does not speak TLS. */
  readonly certificates: readonly CertificateStatus[]
  /** Workers that should serve. */
  readonly target: number
  /** Why there are this many; `null` if the number of workers does not follow the load. */
  readonly autoscale: AutoscaleStatus | null
  readonly durations: DurationsStatus
  /** In the order of spawning. */
  readonly workers: readonly WorkerStatus[]
  /** The last exits, newest first, at most 20. Orderly exits older than the last ten make room for the others. */
  readonly exits: readonly ExitStatus[]
}

/** How the number of workers of a group follows the load. */
export interface AutoscaleStatus {
  readonly min: number
  readonly max: number
  /** `false`: the group was scaled by hand, which holds until the next reload. */
  readonly isOn: boolean
  /** The work that they do, as a number of workers that would be busy all the time. */
  readonly load: number
  /** When `target` was decided, and why. `kind`: `begin`, `load`, `calm`, `memory`, `boots` or `bounds`; `hand` while it is off. */
  readonly changedAt: string
  readonly reason: ReasonStatus
  /** There is work for more workers, but `maxRssTotal` leaves no room for them. */
  readonly isShortOfMemory: boolean
}

/**
 * How long the requests of a group took that have ended since the arbiter was started. Upgraded connections are left out. This is
 * the histogram `tunicorn_request_duration_seconds`. Both lists are empty if the server is of an earlier version.
 */
export interface DurationsStatus {
  /** Upper bounds of the buckets in seconds, ascending. */
  readonly bounds: readonly number[]
  /** Requests in each bucket; the last number counts those above every bound. They never decrease. */
  readonly counts: readonly number[]
}

/** A certificate that a group presents. */
export interface CertificateStatus {
  /** Its first host name, or its file if it has no host name. */
  readonly name: string
  readonly expiresAt: string
}

/** `promoting`: told to serve, but not accepting yet. */
export type WorkerPhase = 'booting' | 'standby' | 'promoting' | 'serving' | 'draining' | 'closed'

/** A worker. Its figures are those of its last heartbeat, and 0 before the first. */
export interface WorkerStatus {
  readonly age: number
  readonly generation: number
  /** Its place among the workers of the group, from 0. */
  readonly slot: number
  /** `null` while there is no process yet. */
  readonly pid: number | null
  readonly state: WorkerPhase
  /** Why it drains, is killed or is to be replaced. */
  readonly reason: ReasonStatus | null
  readonly startedAt: string
  /** When it last gave a sign of life. For a blocked worker this falls behind. */
  readonly lastSeenAt: string
  /** Requests in flight. */
  readonly inFlight: number
  /** Open connections. */
  readonly connections: number
  /** The gauges of the worker class, by name; at most 32. */
  readonly gauges: Readonly<Record<string, number>>
  /** Requests that have begun since it was spawned. */
  readonly requests: number
  /** Memory in bytes. */
  readonly rss: number
  /** Share of the time between the last two heartbeats in which the event loop was busy, 0 to 1. */
  readonly eventLoopUtilization: number
  /** 99th percentile of the delay of the event loop between the last two heartbeats, in milliseconds. */
  readonly eventLoopDelayP99: number
  /** When the longest of its requests in flight began; `null` if it has none. */
  readonly busySince: string | null
  /** Longest first, at most ten. */
  readonly requestsInFlight: readonly RequestStatus[]
}

export interface RequestStatus {
  readonly method: string
  /** As the client sent it, truncated after 500 characters. */
  readonly target: string
  readonly startedAt: string
  /** `null` where `requestIdHeader` is off. */
  readonly id: string | null
}

export interface ReasonStatus {
  /** For programs: `reload`, `scale`, `stop`, `timeout`, `max-requests`, `max-age`, `max-rss` …; `other` for reasons of a worker class. */
  readonly kind: string
  /** For people. */
  readonly text: string
}

export interface ExitStatus {
  /** `null` if no process could be started. */
  readonly pid: number | null
  readonly age: number
  readonly generation: number
  /** `kind`: also `exited`, `signal`, `oom`, `boot-failed`, `boot-timeout`. */
  readonly reason: ReasonStatus
  /** It ended as it was told to or is allowed to. */
  readonly isOrderly: boolean
  readonly at: string
}
