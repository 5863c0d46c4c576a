/**
 * Counts messages on the channel of a worker that do not come from its host, but from a tool that was loaded before the host, or
 * from code that writes to the descriptor. They are for nobody and cost the arbiter time, so too many of them are a flood.
 */

/** A tool may report each module of a large app. */
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
    // Also called for each further message. That does no harm, because a worker that floods is killed.
    if (this.#count > maxPerSecond) this.#flooded()
  }
}
