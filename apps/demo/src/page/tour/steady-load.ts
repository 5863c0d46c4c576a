/** Load that goes on until it is stopped. It consists of short runs, because the worker that relays one may have to leave. */
import type { Lane } from '../../shared/lane.js'
import type { Plan } from '../../shared/plan.js'
import type { LaneSummary, Progress } from '../../shared/progress.js'
import type { Orders } from '../orders.js'
import type { LoadTotals } from './verdicts.js'

/** Length of one run. */
const seconds = 2

export interface SteadyLoadParts {
  readonly orders: Orders
  readonly lanes: readonly Lane[]
  readonly signal: AbortSignal
  readonly count: (summary: LaneSummary) => void
}

export class SteadyLoad {
  readonly #parts: SteadyLoadParts
  readonly #done: Promise<void>
  #isStopping = false
  #answered = 0
  #failed = 0

  /** Starts the load at once. */
  constructor(parts: SteadyLoadParts) {
    this.#parts = parts
    this.#done = this.#run()
    // The caller of `stop` learns of the error.
    this.#done.catch(() => {})
  }

  /** Resolves when the last request has ended. @throws Error when a run was lost, and with it the outcome of its requests */
  async stop(): Promise<LoadTotals> {
    this.#isStopping = true
    await this.#done
    return { answered: this.#answered, failed: this.#failed }
  }

  async #run(): Promise<void> {
    const { lanes, orders, signal } = this.#parts
    const plan: Plan = { type: 'steady', lanes: [...lanes], seconds }
    while (!this.#isStopping && !signal.aborted)
      await orders.run(plan, progress => this.#report(progress), signal)
  }

  #report(progress: Progress): void {
    if (progress.type !== 'summary') return
    this.#answered += progress.summary.answered
    this.#failed += progress.summary.failed
    this.#parts.count(progress.summary)
  }
}
