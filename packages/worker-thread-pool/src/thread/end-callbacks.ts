/**
 * The callbacks that an app has passed to `end` of a response. Node drops them if the connection closes first. A handler that
 * waits for one would then keep its place in the thread forever.
 */
export class EndCallbacks {
  readonly #waiting: (() => void)[] = []
  #state: 'open' | 'finished' | 'closed' = 'open'

  /** To be called after `end`. Node has already handled anything that is not a function. */
  add(callback: unknown): void {
    if (this.#state === 'finished' || !isCallback(callback)) return
    this.#waiting.push(callback)
    if (this.#state === 'closed') this.#call()
  }

  /** The response is finished, so Node calls them. */
  finished(): void {
    this.#state = 'finished'
    this.#waiting.length = 0
  }

  /** The connection is closed. Node calls none of them, unless it does so in this tick. */
  closed(): void {
    if (this.#state !== 'open') return
    this.#state = 'closed'
    this.#call()
  }

  #call(): void {
    process.nextTick(() => {
      for (const callback of this.#waiting.splice(0)) callback()
    })
  }
}

function isCallback(value: unknown): value is () => void {
  return typeof value === 'function'
}
