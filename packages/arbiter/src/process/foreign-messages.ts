/**
 * Messages on the channel of a worker that are not its host's: of a tool that was loaded before the host, or of code that
 * writes to the descriptor. They are for nobody, and cost the arbiter time: too many are a flood.
 */

/** A tool may name each module of a large app. */
const maxPerSecond = 10_000

export class ForeignMessages {
  readonly #flooded: () => void
  #count = 0
  #windowStart = performance.now()

  constructor(flooded: () => void) {
    this.#flooded = flooded
  }

  take(): void {
    const now = performance.now()
    if (now - this.#windowStart > 1_000) {
      this.#windowStart = now
      this.#count = 0
    }
    this.#count += 1
    // At each further one too, which is as good as once: whoever floods is killed.
    if (this.#count > maxPerSecond) this.#flooded()
  }
}
