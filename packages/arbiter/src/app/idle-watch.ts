/** Tells when an app has nothing left that would bring it on: Node would end its process then. */

const lookMs = 50
/** A moment without anything may lie between two steps of an app. */
const looks = 2

export class IdleWatch {
  readonly #own: ReadonlyMap<string, number>

  /** What there is now belongs to the worker, and so does what it is to open: `timers` is how many that will be. */
  constructor(timers = 0) {
    // Opened by their first use, which may be the app's.
    void process.stdout
    void process.stderr
    const own = countsOf(process.getActiveResourcesInfo())
    this.#own = new Map(own).set('Timeout', (own.get('Timeout') ?? 0) + timers)
  }

  /** Resolves when nothing but the worker's own keeps the event loop, or `signal` aborts. */
  idle(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      let seen = 0
      const look = (): void => {
        seen = this.#isIdle() ? seen + 1 : 0
        if (seen >= looks || signal.aborted) settle()
      }
      const settle = (): void => {
        clearInterval(timer)
        resolve()
      }
      const timer = setInterval(look, lookMs)
      // It would be seen as one of the app's.
      timer.unref()
    })
  }

  #isIdle(): boolean {
    const now = countsOf(process.getActiveResourcesInfo())
    return [...now].every(([type, count]) => count <= (this.#own.get(type) ?? 0))
  }
}

function countsOf(types: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1)
  return counts
}
