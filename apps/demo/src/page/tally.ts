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

  /** By group. */
  get answered(): ReadonlyMap<Lane, number> {
    return this.#answered
  }

  /** Ought to have been answered. */
  get failed(): number {
    return this.#failed
  }

  /** Were sent to crash or to block a worker, and went with it. */
  get lost(): number {
    return this.#lost
  }
}
