/**
 * What an app has passed to `end` of a response. Node forgets these when the connection is closed before; a handler that
 * waits for one would keep its place in the thread for good.
 */
export class EndCallbacks {
  readonly #waiting: (() => void)[] = []
  #state: 'open' | 'finished' | 'closed' = 'open'

  /** After `end` was called. What is no function, Node has dealt with. */
  add(callback: unknown): void {
    if (this.#state === 'finished' || !isCallback(callback)) return
    this.#waiting.push(callback)
    if (this.#state === 'closed') this.#call()
  }

  /** The response is finished: Node calls them. */
  finished(): void {
    this.#state = 'finished'
    this.#waiting.length = 0
  }

  /** The connection is closed: Node calls none, unless it does so in this tick. */
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
