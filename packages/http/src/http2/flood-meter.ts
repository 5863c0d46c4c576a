/** How many frames a client may send that make work and are no request. Pure. */

/** Tokens are taken one by one and come back with time. */
export class FloodMeter {
  readonly #burst: number
  readonly #perSecond: number
  #tokens: number
  #atMs: number

  constructor(burst: number, perSecond: number, nowMs: number) {
    this.#burst = burst
    this.#perSecond = perSecond
    this.#tokens = burst
    this.#atMs = nowMs
  }

  /** One more. `false`: it is too much. */
  take(nowMs: number): boolean {
    const earned = ((nowMs - this.#atMs) / 1_000) * this.#perSecond
    this.#tokens = Math.min(this.#burst, this.#tokens + earned) - 1
    this.#atMs = nowMs
    return this.#tokens >= 0
  }
}
