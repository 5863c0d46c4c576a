/**
 * The WorkerClass contract: what a package implements so that the arbiter can supervise it.
 *
 * This file is the promise to third parties. It has no run-time code beyond one identity function, so that a
 * worker class may also be written against a copy of these types, without importing anything.
 */

import type { AddressInfo, Server } from 'node:net'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { AppAdoption } from './adoption.js'
import type { Issue } from './issue.js'
import type { ListenerTls } from './listener-tls.js'
import type { Logger } from './logger.js'
import type { RefusalReason } from './refusal-reason.js'
import type { OutcomeDetails, RequestHead, RequestOutcome } from './request.js'
import type { WorkerSettings } from './worker-settings.js'

/**
 * Shapes of application that a worker class can run.
 *
 * - `node`: a `(req, res)` function of `node:http`, or an `http.Server` that is not listening.
 * - `fetch`: `{ fetch(request: Request): Response | Promise<Response> }`.
 * - `asgi`: `async (scope, receive, send) => void`.
 *
 * Open-ended: third parties may add their own.
 */
export type AppKind = 'node' | 'fetch' | 'asgi' | (string & {})

/**
 * What a worker class promises. It is data, so that the arbiter can refuse a bad pairing before it spawns and
 * the conformance suite can test it. `false` is a promise too: the suite then checks the documented refusal.
 */
export interface WorkerCapabilities {
  /**
   * The app kinds that the class runs, each once. {@link AppReference.load} refuses any other, so a class that loads its
   * app with it has nothing to check. A class that loads its app elsewhere refuses other kinds in `boot`, before the app is
   * loaded. `auto` is not a kind: it means that the kind is still to be found.
   */
  readonly appKinds: readonly [AppKind, ...AppKind[]]
  /** `single`: never two requests in flight in one worker. `multiple`: requests overlap. */
  readonly concurrency: 'single' | 'multiple'
  /**
   * Who proves that the worker is alive. `host`: the host's own timer, so a blocked event loop is caught.
   * `worker`: the class calls {@link WorkerContext.notify}, so one slow request is caught too.
   */
  readonly heartbeat: 'host' | 'worker'
  /** Serves several requests on one connection. `false`: every response says `connection: close`. */
  readonly keepAlive: boolean
  /** Sends the first byte before the app ends. `false`: one buffered response with a length. */
  readonly streaming: boolean
  /** Hands WebSocket upgrades to the app. `false`: answers 501 and closes, never hangs. */
  readonly upgrade: boolean
  /** Runs the app's start-up before the first request and its shutdown after the last. */
  readonly lifespan: boolean
  /**
   * Speaks TLS at listeners that have {@link Listener.tls}. Without it, a configuration with a certificate is refused at the start.
   * @default false
   */
  readonly tls?: boolean
  /** Speaks HTTP/2 as the setting `http2` says. Without it, that setting is refused at the start. @default false */
  readonly http2?: boolean
  /**
   * `false`: the worker also runs without a listener, for an app that has work of its own, such as consuming a queue.
   * `listeners` is then empty, and `serve` resolves when the work may begin. Otherwise a group with `bind: []` is refused at the start.
   * @default true
   */
  readonly needsListener?: boolean
}

/** Input of {@link WorkerClass.check}. */
export interface CheckInput<Options = unknown> {
  /** Name of the group that is to run this class. */
  readonly group: string
  /** Number of workers asked for. */
  readonly workers: number
  readonly settings: Readonly<WorkerSettings>
  /** The names of settings that the user gave; all others are defaults. */
  readonly given: ReadonlySet<string>
  /** Validated options. */
  readonly options: Options
}

/**
 * A worker class: the default export of a worker-class module.
 *
 * Importing the module must have no side effects, because the arbiter imports it too; heavy imports belong inside
 * {@link WorkerClass.create}.
 */
export interface WorkerClass<Schema extends StandardSchemaV1 = StandardSchemaV1> {
  /** Contract revision. Additions are optional and keep 1. */
  readonly contract: 1
  /** Lower-case words joined by `-`; used in settings, logs and metrics. */
  readonly name: string
  readonly capabilities: WorkerCapabilities
  /** Validates `workerOptions`; any Standard Schema. Absent: no options are accepted. */
  readonly options?: Schema
  /** Defaults that this class changes, for example `{ maxRequests: 1 }`. A user's setting wins. */
  readonly defaults?: Partial<WorkerSettings>
  /**
   * Called in the arbiter before anything is bound or spawned: reports settings that this class cannot honour.
   * Pure: the same input gives the same issues; no I/O. Reports, never throws.
   */
  check?(input: CheckInput<StandardSchemaV1.InferOutput<Schema>>): readonly Issue[]
  /**
   * Called in the arbiter: how many booted workers to keep in standby beyond the serving ones, so that a worker that
   * ends is replaced without a boot. Pure. @default none
   */
  spares?(input: CheckInput<StandardSchemaV1.InferOutput<Schema>>): number
  /**
   * Called in the arbiter, which only checks the answer, and in the worker process: whether a thread watches the event
   * loop, to take the stack of what blocks it. Pure.
   * @default true when the heartbeat is proven by the host
   */
  watchdog?(input: CheckInput<StandardSchemaV1.InferOutput<Schema>>): boolean
  /** Called in the worker process, once, with validated options. Must not accept connections. */
  create(context: WorkerContext<StandardSchemaV1.InferOutput<Schema>>): Worker | Promise<Worker>
}

/**
 * What runs in a worker process. The host owns the states and calls each method at most once, in this order,
 * never concurrently. `close` is always called, also after a failed boot.
 */
export interface Worker {
  /** Loads the app and gets ready. Nothing is accepted yet. Rejecting means a failed boot. */
  boot(): Promise<void>
  /** Accepts on every listener. Resolves when the next connection would be served. */
  serve(): Promise<void>
  /**
   * Stops accepting at once, lets requests in flight finish and resolves when idle. Connections between two requests are kept
   * for a second, or a quarter of `settings.gracefulTimeout` if that is shorter, so that a request on its way is answered. When
   * `deadline` aborts, it cuts the rest and resolves.
   */
  drain(deadline: AbortSignal): Promise<void>
  /** Releases threads, timers and handles so that the process can exit by itself. */
  close(): Promise<void>
  /** A cheap sample, taken with every heartbeat. */
  stats?(): WorkerStats
  /**
   * The worker holds more connections than the others of its group: this many of them should end after their next response, so
   * that their clients connect again and get another worker. Nothing is cut, and a connection between two requests stays.
   * Called at most once a second. Absent: connections stay where they are.
   */
  shed?(connections: number): void
}

/** A sample of a worker's own figures. */
export interface WorkerStats {
  /** Open connections. */
  readonly connections?: number
  /**
   * How much of its capacity the worker uses: 0 is idle, 1 is all of it, and above that requests wait. For classes whose
   * work is not done on the event loop of the worker, as with threads: the setting `autoscale` looks at the event loop
   * in any case. Finite, 0 or more. @default derived from the event loop
   */
  readonly load?: number
  /**
   * Further gauges of this class: shown in the status, and added up over the workers of a group in the metric
   * `tunicorn_worker_stat`. At most 32. Keys are camelCase, with the unit at the end (`waitMs`), up to 50 characters; values
   * are finite. Anything else is left out, with one warning.
   */
  readonly gauges?: Readonly<Record<string, number>>
}

/** What the host gives to a worker. */
export interface WorkerContext<Options = unknown> {
  readonly group: string
  /** Spawn order in this arbiter; never reused. */
  readonly age: number
  /** Reloads before this worker was spawned. */
  readonly generation: number
  /**
   * Its place among the workers of the group, from 0 to their number, spares included, less one. A successor has the slot of its
   * predecessor; no other two workers share one. Absent: an arbiter that does not assign slots.
   */
  readonly slot?: number
  readonly app: AppReference
  readonly listeners: readonly Listener[]
  readonly settings: Readonly<WorkerSettings>
  readonly options: Options
  readonly log: Logger
  /**
   * Proves that the worker is alive. Needed only with `heartbeat: 'worker'`: at least four times within
   * `settings.timeout` while idle, and not while a request is in flight. Cheap.
   */
  notify(): void
  /**
   * Announces a request. The host does hooks, access log, metrics and `maxRequests` once, for every class.
   * Call the returned function exactly once, even when the request is cut; later calls are ignored.
   */
  beginRequest(head: RequestHead): (outcome: RequestOutcome) => void
  /** Counts a request that the worker refused and did not pass to the app. Absent: an arbiter that does not count them. */
  refused?(reason: RefusalReason): void
  /** What outcomes should include because an access log uses it. Absent: only the type and the status. */
  readonly outcomeDetails?: OutcomeDetails
  /**
   * Reports on behalf of the app that it is ready, for the setting `waitReady`. A class that runs apps in threads calls it, in
   * `boot`, once all of them have reported it with the `process.send` of `installProcessSend`. Without the setting, it does
   * nothing.
   */
  appReady?(): void
  /**
   * Reports, in `drain`, that no further request will begin: from then on the app may be told of the end, and refuse what comes. A
   * class that keeps connections calls it once those between two requests are closed. Without it, the app is told when `drain`
   * has resolved, or two seconds after it was called.
   */
  allBegun?(): void
  /**
   * Sends `data`, which is JSON, to all other workers that have booted, or to those of one group. The order is kept; a worker
   * that does not keep up loses messages.
   *
   * @throws TunicornError `BROADCAST_TOO_LARGE`, `BROADCAST_TOO_OFTEN`
   */
  broadcast?(data: unknown, options?: { readonly group?: string }): void
  /** Calls `listener` with what other workers broadcast. Returns a function that ends it. */
  onBroadcast?(listener: (data: unknown) => void): () => void
  /**
   * Asks to be replaced: the arbiter readies a successor, then drains this worker. `reason` may begin with a kind that the
   * arbiter knows, as in `timeout: a request took 40 s`; with any other word its kind is `other`. The status shows all of it.
   */
  retire(reason: string): void
}

/** The app that a worker runs. */
export interface AppReference {
  /** `file:` URL of the module. */
  readonly url: string
  /** The export that was asked for, or an empty string when the export is to be found (`default`, then `app`). */
  readonly exportName: string
  /** The kind that was asked for, or that `load` found. Before `load`, `auto` means that it is still to be found. */
  readonly kind: AppKind | 'auto'
  /**
   * Imports the app and resolves with it: what the module exports, or its HTTP server that listens. The app has to be of one of
   * the class's `appKinds`: another kind is refused before the app is loaded if it was named, and right after if it was found.
   * Threads call `loadApp` themselves.
   *
   * @throws TunicornError `APP_NOT_FOUND`, `APP_LOAD_FAILED`, `APP_EXPORT_MISSING`, `APP_NOT_USABLE`,
   * `APP_KIND_UNSUPPORTED`, `BIND_FAILED`
   */
  load(): Promise<LoadedApp>
  /** For code that calls `loadApp` in a thread. Absent: an app that calls `listen` is on its own. */
  readonly adoption?: AppAdoption | undefined
}

/** An imported app and its kind. */
export interface LoadedApp {
  readonly kind: AppKind
  readonly value: unknown
  /**
   * What the module exports under this name. The host calls it after `close` of the worker class and awaits it until the
   * deadline of the drain; a class that loads apps in threads does the same there. Absent: the module exports none.
   */
  readonly shutdown?: (() => unknown) | undefined
}

/** A bound socket that this worker may accept from. How it got here is not the worker's business. */
export interface Listener {
  /** The real address, or the path of a Unix socket. */
  readonly address: AddressInfo | string
  /** How connections are encrypted; never present for a class without the capability `tls`. Absent: they are not. */
  readonly tls?: ListenerTls | undefined
  /** A plain address whose clients speak HTTP/2 without asking (RFC 9113, 3.3). @default false */
  readonly isHttp2?: boolean
  /**
   * Calls back whenever `tls` has changed: from then on, connections have to be encrypted with its new value. A class that does
   * not use it gets new certificates after a reload. Absent in other hosts.
   */
  onTlsRenewed?(renewed: (tls: ListenerTls) => void): void
  /**
   * Makes `server` accept from this socket; one server per listener. A worker process gets the socket only when it is to serve: a
   * `boot` that awaits this fails by `bootTimeout`. Resolves without the socket if the worker is told to drain meanwhile. Never
   * feed an HTTP server with `server.emit('connection')`: Node then enforces no `headersTimeout` or `requestTimeout`.
   */
  listen(server: Server): Promise<void>
  /**
   * Stops accepting and keeps established connections. Immediate, even within the callback of a connection: no other follows it.
   * Idempotent. The server is not told, and still reports that it listens. In other hosts it may emit `close` once the
   * connections have ended, and `listening` after `resume`: neither means that the worker ends.
   */
  pause(): void
  /** Accepts again. Resolves when the next connection would be served. */
  resume(): Promise<void>
}

/** A worker class whose options type is not known here. The one place where options are not typed. */
// biome-ignore lint/suspicious/noExplicitAny: an existential; options are validated by the class's own schema
export type AnyWorkerClass = WorkerClass<any>

/** Identity function that infers the options type of a worker class from its schema. */
export function defineWorkerClass<Schema extends StandardSchemaV1>(
  workerClass: WorkerClass<Schema>,
): WorkerClass<Schema> {
  return workerClass
}
