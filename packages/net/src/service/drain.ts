/** Ends a worker's life on the network: idle connections get a linger, the rest get until the deadline. */
import type { WorkerSettings } from '@tunicorn/arbiter/worker'

export interface DrainParts {
  /** The open connections. */
  readonly connections: { readonly size: number }
  /** How long connections between two requests stay open, so that a client that is about to use one still gets an answer. */
  readonly lingerMs: number
  /** The linger is over: closes connections between two requests. */
  closeIdle(): void
  /** The deadline has passed: closes all connections. */
  cutAll(): void
}

/** The linger of the contract, in milliseconds: a second, and at most a quarter of `gracefulTimeout`. */
export function lingerMsOf({ gracefulTimeout }: Pick<WorkerSettings, 'gracefulTimeout'>): number {
  return Math.min(1000, gracefulTimeout * 250)
}

/** Begins when the listeners are paused. */
export class Drain {
  readonly #parts: DrainParts
  #finish: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(parts: DrainParts) {
    this.#parts = parts
  }

  /** The drain has begun and is not over. */
  get isRunning(): boolean {
    return this.#finish !== undefined
  }

  /** Resolves when no connection is left. When `deadline` aborts, the rest is cut. */
  run(deadline: AbortSignal): Promise<void> {
    if (this.#parts.connections.size === 0) return Promise.resolve()
    return new Promise(resolve => {
      const cutAll = (): void => this.#parts.cutAll()
      this.#finish = () => {
        this.#finish = undefined
        clearTimeout(this.#timer)
        deadline.removeEventListener('abort', cutAll)
        resolve()
      }
      if (deadline.aborted) return cutAll()
      deadline.addEventListener('abort', cutAll, { once: true })
      this.linger()
    })
  }

  /** A connection was closed. */
  countChanged(): void {
    if (this.#parts.connections.size === 0) this.#finish?.()
  }

  /** Restarts the linger, for a connection that has just become idle. */
  linger(): void {
    if (this.#finish === undefined) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.closeIdleSoon(), this.#parts.lingerMs)
  }

  /** Closes idle connections after the event loop has read what waits in the kernel: a connection with a request there is not idle. */
  closeIdleSoon(): void {
    setImmediate(() => {
      if (this.#finish !== undefined) this.#parts.closeIdle()
    })
  }
}
