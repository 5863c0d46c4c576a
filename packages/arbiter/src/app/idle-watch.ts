/** Detects when an app has nothing left to wait for. Node would then end its process. */

const lookMs = 50
/** Between two steps of an app there may be a moment without any activity. */
const looks = 2

export class IdleWatch {
  readonly #own: ReadonlyMap<string, number>

  /** Everything active now belongs to the worker. `timers` is the number of timers that the worker will add. */
  constructor(timers = 0) {
    // These open on first use, which may be the app's.
    void process.stdout
    void process.stderr
    const own = countsOf(process.getActiveResourcesInfo())
    this.#own = new Map(own).set('Timeout', (own.get('Timeout') ?? 0) + timers)
  }

  /** Resolves when only the worker's own resources keep the event loop alive, or when `signal` aborts. */
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
      // Otherwise it would look like one of the app's timers.
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
