/** Requests and what became of them, over all runs since the page was opened. */
import { type Lane, lanes } from '../shared/lane.js'
import type { LaneSummary } from '../shared/progress.js'

export class Tally {
  readonly #answered = new Map<Lane, number>(lanes.map(lane => [lane, 0]))
  #failed = 0
  #lost = 0

  add({ lane, answered, failed, lost }: LaneSummary): void {
    this.#answered.set(lane, (this.#answered.get(lane) ?? 0) + answered)
    this.#failed += failed
    this.#lost += lost
  }

  /** Answered requests by group. */
  get answered(): ReadonlyMap<Lane, number> {
    return this.#answered
  }

  /** Requests that should have been answered and were not. */
  get failed(): number {
    return this.#failed
  }

  /** Requests that were sent to crash or to block a worker, and were lost with it. */
  get lost(): number {
    return this.#lost
  }
}
