/** Limits how many frames a client may send that make work without being a request. Pure. */

/** A token bucket: tokens are taken one by one and come back over time. */
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

  /** Takes one token. `false`: the client has sent too many frames. */
  take(nowMs: number): boolean {
    const earned = ((nowMs - this.#atMs) / 1_000) * this.#perSecond
    this.#tokens = Math.min(this.#burst, this.#tokens + earned) - 1
    this.#atMs = nowMs
    return this.#tokens >= 0
  }
}
