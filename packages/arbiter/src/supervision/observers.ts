/** Observers are told what supervision does and have no say in it: the status, the event stream, the metrics. */

import type { Logger } from '../contract/logger.js'
import type { WorkerSample } from '../protocol/messages.js'
import type { RequestFigures } from '../protocol/request-figures.js'
import type { ArbiterPhase } from './arbiter-phase.js'
import type { ExitReport } from './exit-report.js'
import type { WorkerRow, WorkerState } from './worker-table.js'

/** Called in the middle of the arbiter's loop: note what happened and return. The row changes afterwards. */
export interface ArbiterObserver {
  /** A worker was spawned (`from` is undefined), or its state has changed. */
  workerChanged?(row: Readonly<WorkerRow>, from: WorkerState | undefined): void
  /** A heartbeat brought figures. `row.sample` already holds them. */
  sampled?(row: Readonly<WorkerRow>, sample: WorkerSample): void
  /** How the requests of a worker have ended so far. The last one may come after its exit. */
  requestsEnded?(row: Readonly<WorkerRow>, figures: RequestFigures): void
  /** Called once, and last, for each worker, also if no process could be started for it. */
  exited?(row: Readonly<WorkerRow>, report: ExitReport): void
  /** `count` messages from other workers did not reach this one, because it does not read what it is sent. */
  broadcastsLost?(row: Readonly<WorkerRow>, count: number): void
  /** A group is to have a different number of workers; 0 at its end. */
  targetChanged?(group: string, from: number, to: number): void
  reloadBegun?(): void
  /** `generation` serves, or `error` says why the one before it keeps serving. */
  reloadEnded?(outcome: ReloadOutcome): void
  phaseChanged?(phase: ArbiterPhase): void
}

export type ReloadOutcome =
  | { readonly type: 'done'; readonly generation: number }
  /** `isRolledBack`: workers of the new generation have served in the meantime. */
  | { readonly type: 'failed'; readonly error: unknown; readonly isRolledBack: boolean }

/** Passes every call on to all observers. What one of them throws is logged and does not affect the others. */
export class Observers implements Required<ArbiterObserver> {
  readonly #observers: ArbiterObserver[] = []
  readonly #states = new Map<number, WorkerState>()
  #log: Logger | undefined

  /** Without a log, errors are lost. */
  logTo(log: Logger): void {
    this.#log = log
  }

  add(observer: ArbiterObserver): void {
    this.#observers.push(observer)
  }

  /** To be called whenever the state of the worker may have changed. Reports it if it has. */
  saw(row: Readonly<WorkerRow>): void {
    const from = this.#states.get(row.age)
    if (from === row.state) return
    this.#states.set(row.age, row.state)
    this.workerChanged(row, from)
  }

  workerChanged(row: Readonly<WorkerRow>, from: WorkerState | undefined): void {
    this.#tell(observer => observer.workerChanged?.(row, from))
  }

  sampled(row: Readonly<WorkerRow>, sample: WorkerSample): void {
    this.#tell(observer => observer.sampled?.(row, sample))
  }

  requestsEnded(row: Readonly<WorkerRow>, figures: RequestFigures): void {
    this.#tell(observer => observer.requestsEnded?.(row, figures))
  }

  exited(row: Readonly<WorkerRow>, report: ExitReport): void {
    this.#states.delete(row.age)
    this.#tell(observer => observer.exited?.(row, report))
  }

  broadcastsLost(row: Readonly<WorkerRow>, count: number): void {
    this.#tell(observer => observer.broadcastsLost?.(row, count))
  }

  targetChanged(group: string, from: number, to: number): void {
    this.#tell(observer => observer.targetChanged?.(group, from, to))
  }

  reloadBegun(): void {
    this.#tell(observer => observer.reloadBegun?.())
  }

  reloadEnded(outcome: ReloadOutcome): void {
    this.#tell(observer => observer.reloadEnded?.(outcome))
  }

  phaseChanged(phase: ArbiterPhase): void {
    this.#tell(observer => observer.phaseChanged?.(phase))
  }

  #tell(say: (observer: ArbiterObserver) => void): void {
    for (const observer of this.#observers) {
      try {
        say(observer)
      } catch (error) {
        this.#log?.error('A defect: an observer of the arbiter failed', { error })
      }
    }
  }
}
