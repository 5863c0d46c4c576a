/** A way of starting workers. The arbiter knows no other: a simulated one proves its behaviour without a process. */

import type { FlightRecord } from '../protocol/flight-record.js'
import type { FromHost, OutputName, ToHost, WorkerInit, WorkerLogRecord } from '../protocol/messages.js'
import type { ServerHandle } from '../sockets/handle.js'
import type { HeapExhaustion } from './heap-exhaustion.js'

/** Where a worker whose output is captured finds the arbiter's own standard output. */
export const arbitersOutputFd = 5
/** Where a worker finds the page of connections of its group. */
export const pageFd = 6

export interface SpawnRequest {
  readonly init: WorkerInit
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Options of Node.js, beside those that the process itself has. */
  readonly nodeOptions: readonly string[]
}

/** How a process ended, as the operating system tells it. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: string | null
  /** Set when V8 has said that its heap is exhausted. */
  readonly heap?: HeapExhaustion
}

/** What a worker process reports. Either `onFailed` or `onExit` comes, once and last. */
export interface WorkerEvents {
  onMessage(message: FromHost): void
  onLog(record: WorkerLogRecord): void
  /** A line that the app printed. Comes only when output is captured. */
  onOutput(name: OutputName, line: string): void
  /** It broke the protocol, or its channel is closed: it cannot be supervised any more. */
  onBroken(reason: string): void
  /** `flight`: what it had in its hands at its end, where that can be known. */
  onExit(exit: ProcessExit, flight?: FlightRecord): void
  /** The operating system has started no process. */
  onFailed(why: string): void
}

export interface WorkerProcess {
  readonly pid: number | undefined
  /** Never blocks and never throws. False: the worker does not read what it is sent. */
  send(message: ToHost, handle?: ServerHandle): boolean
  /** The same for what may be lost: also false, without harm, while too much else is waiting to be read. */
  offer(message: ToHost): boolean
  /** SIGKILL, to the process and to what it started. */
  kill(): void
  /** Asks a worker that may be blocked for its stack and its requests. They come as a record of its log, if at all. */
  examine(): void
  /** Asks for its stack, whether it is blocked or not. It comes as a record of its log, if at all. */
  askStack(): void
  /** What it has in its hands, where that can be known. */
  flight(): FlightRecord | undefined
  /** JSON of the metrics of its app, where there are some. Also when it has ended. */
  appMetrics(): string | undefined
}

export interface Spawner {
  /** @throws Error of the operating system, when no process can be started */
  spawn(request: SpawnRequest, events: WorkerEvents): WorkerProcess
}
