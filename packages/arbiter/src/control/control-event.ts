/** What `GET /events` sends: first the whole status, then every change. `at` is an ISO 8601 text in UTC. */

import type { ArbiterPhase } from '../supervision/arbiter-phase.js'
import type { ErrorStatus, ExitStatus, ReasonStatus, ServerStatus, WorkerPhase } from './status.js'

export type ControlEvent =
  | StatusEvent
  | ArbiterEvent
  | WorkerEvent
  | ExitEvent
  | TargetEvent
  | ReloadBegunEvent
  | ReloadDoneEvent
  | ReloadFailedEvent

/** The first event of every stream. */
export interface StatusEvent {
  readonly type: 'status'
  readonly at: string
  readonly status: ServerStatus
}

/** The arbiter has entered another phase. `stopped` is the last event of a stream that was not cut off. */
export interface ArbiterEvent {
  readonly type: 'arbiter'
  readonly at: string
  readonly state: ArbiterPhase | 'stopped'
}

/** A worker was spawned, or its state has changed. */
export interface WorkerEvent {
  readonly type: 'worker'
  readonly at: string
  readonly group: string
  readonly age: number
  readonly generation: number
  readonly slot: number
  readonly pid: number | null
  /** `null`: it was spawned. */
  readonly from: WorkerPhase | null
  readonly state: WorkerPhase
  readonly reason: ReasonStatus | null
}

/** A worker is gone. */
export interface ExitEvent {
  readonly type: 'exit'
  readonly at: string
  readonly group: string
  readonly exit: ExitStatus
}

/** A group should now have a different number of workers. */
export interface TargetEvent {
  readonly type: 'target'
  readonly at: string
  readonly group: string
  readonly from: number
  readonly to: number
}

export interface ReloadBegunEvent {
  readonly type: 'reload-begun'
  readonly at: string
}

export interface ReloadDoneEvent {
  readonly type: 'reload-done'
  readonly at: string
  readonly generation: number
}

/** The generation that served before keeps serving. */
export interface ReloadFailedEvent {
  readonly type: 'reload-failed'
  readonly at: string
  readonly error: ErrorStatus
}
