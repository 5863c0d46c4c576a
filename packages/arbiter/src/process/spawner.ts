/** The interface for starting workers. The arbiter uses nothing else, so a simulated one proves its behaviour without a process. */

import type { FlightRecord } from '../protocol/flight-record.js'
import type { FromHost, OutputName, ToHost, WorkerInit, WorkerLogRecord } from '../protocol/messages.js'
import type { ServerHandle } from '../sockets/handle.js'
import type { HeapExhaustion } from './heap-exhaustion.js'

/** The descriptor at which a worker whose output is captured finds the arbiter's own standard output. */
export const arbitersOutputFd = 5
/** The descriptor at which a worker finds the page of connections of its group. */
export const pageFd = 6

export interface SpawnRequest {
  readonly init: WorkerInit
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Options of Node.js, besides those of this process itself. */
  readonly nodeOptions: readonly string[]
}

/** How a process ended, as the operating system reports it. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: string | null
  /** Set when V8 has reported that its heap is exhausted. */
  readonly heap?: HeapExhaustion
}

/** What a worker process reports. Exactly one of `onFailed` and `onExit` comes, once and last. */
export interface WorkerEvents {
  onMessage(message: FromHost): void
  onLog(record: WorkerLogRecord): void
  /** A line that the app printed. Only when output is captured. */
  onOutput(name: OutputName, line: string): void
  /** The worker broke the protocol, or its channel is closed, so it can no longer be supervised. */
  onBroken(reason: string): void
  /** `flight`: what it had in flight when it ended, if that is known. */
  onExit(exit: ProcessExit, flight?: FlightRecord): void
  /** The operating system could not start a process. */
  onFailed(why: string): void
}

export interface WorkerProcess {
  readonly pid: number | undefined
  /** Never blocks and never throws. Returns false when the worker does not read what it is sent. */
  send(message: ToHost, handle?: ServerHandle): boolean
  /** Like `send`, for messages that may be lost. It also returns false, without harm, while too many other messages are waiting. */
  offer(message: ToHost): boolean
  /** Sends SIGKILL to the process and to what it started. */
  kill(): void
  /** Asks a worker that may be blocked for its stack and its requests. The answer, if any, comes as a record of its log. */
  examine(): void
  /** Asks for its stack, whether it is blocked or not. The answer, if any, comes as a record of its log. */
  askStack(): void
  /** What it has in flight, if that is known. */
  flight(): FlightRecord | undefined
  /** JSON of the metrics of its app, if there are any. Also available after its end. */
  appMetrics(): string | undefined
}

export interface Spawner {
  /** @throws Error of the operating system, when no process can be started */
  spawn(request: SpawnRequest, events: WorkerEvents): WorkerProcess
}
