/** How long requests wait for a place, as a moving mean. */

/** Weight of the newest request. */
const weight = 0.05

export class WaitTimes {
  #meanMs = 0
  #count = 0

  /** Rounded to a thousandth. */
  get meanMs(): number {
    return Math.round(this.#meanMs * 1_000) / 1_000
  }

  add(waitMs: number): void {
    this.#count += 1
    // The first requests have equal weight, so that the mean does not start at 0.
    this.#meanMs += (waitMs - this.#meanMs) * Math.max(weight, 1 / this.#count)
  }
}
