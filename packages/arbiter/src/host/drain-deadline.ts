/** When a drain has to be over. It can only come nearer. */
export class DrainDeadline {
  readonly #controller = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #atMs = Number.POSITIVE_INFINITY

  /** Aborted at the deadline. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The drain may take `ms` milliseconds from now, or what is left of an earlier call if that is less. */
  shorten(ms: number): void {
    const atMs = performance.now() + ms
    if (atMs >= this.#atMs) return
    this.#atMs = atMs
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#controller.abort(), ms)
  }
}
