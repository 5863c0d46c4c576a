/** How long requests wait for a thread, as a moving mean. */

/** Weight of the newest request. */
const weight = 0.05

export class WaitTimes {
  #meanMs = 0
  #count = 0

  get meanMs(): number {
    return this.#meanMs
  }

  add(waitMs: number): void {
    this.#count += 1
    // The first ones count evenly, so that the mean does not start at 0.
    this.#meanMs += (waitMs - this.#meanMs) * Math.max(weight, 1 / this.#count)
  }
}
