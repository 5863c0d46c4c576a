/** Counts the work in progress: calls of the app, and promises given to `waitUntil`. */
import type { Logger } from '@tunicorn/arbiter/worker'

export class Tasks {
  readonly #log: Logger
  #calls = 0
  #promises = 0
  #idle: (() => void) | undefined

  constructor(log: Logger) {
    this.#log = log
  }

  /** Calls of the app that have not ended. */
  get calls(): number {
    return this.#calls
  }

  get size(): number {
    return this.#calls + this.#promises
  }

  begin(): void {
    this.#calls += 1
  }

  end(): void {
    this.#calls -= 1
    if (this.size === 0) this.#idle?.()
  }

  /** A rejection is logged. */
  waitUntil(promise: PromiseLike<unknown>): void {
    this.#promises += 1
    const settled = (): void => {
      this.#promises -= 1
      if (this.size === 0) this.#idle?.()
    }
    promise.then(settled, (error: unknown) => {
      this.#log.error('A promise given to waitUntil was rejected', { error })
      settled()
    })
  }

  /** Resolves with `true` when nothing is left, and with `false` if `deadline` aborts first. */
  idle(deadline: AbortSignal): Promise<boolean> {
    if (this.size === 0) return Promise.resolve(true)
    if (deadline.aborted) return Promise.resolve(false)
    return new Promise(resolve => {
      const settle = (isIdle: boolean): void => {
        this.#idle = undefined
        deadline.removeEventListener('abort', expire)
        resolve(isIdle)
      }
      const expire = (): void => settle(false)
      this.#idle = () => settle(true)
      deadline.addEventListener('abort', expire, { once: true })
    })
  }
}
