/** Limits the time that a client has for its next request, or for the rest of one that it has begun. */
import type { WorkerSettings } from '@tunicorn/arbiter/worker'

export interface IdleTimeoutParts {
  readonly settings: Pick<WorkerSettings, 'keepAlive' | 'headersTimeout'>
  /** Nothing has arrived for `keepAlive`, or for `headersTimeout` if connections are not kept. */
  idle(): void
  /** A request has begun, but has not arrived completely within `headersTimeout`. */
  late(): void
}

export class IdleTimeout {
  readonly #parts: IdleTimeoutParts
  readonly #idleMs: number
  readonly #lateMs: number
  #partialSinceMs: number | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(parts: IdleTimeoutParts) {
    const { keepAlive, headersTimeout } = parts.settings
    this.#parts = parts
    this.#idleMs = (keepAlive > 0 ? keepAlive : headersTimeout) * 1000
    this.#lateMs = headersTimeout * 1000
  }

  /** Nothing is in progress: the client is expected to send. `isWithinRequest`: a part of a request has arrived. */
  expect(isWithinRequest: boolean): void {
    clearTimeout(this.#timer)
    if (!isWithinRequest) {
      this.#partialSinceMs = undefined
      if (this.#idleMs > 0) this.#timer = setTimeout(() => this.#parts.idle(), this.#idleMs)
      return
    }
    // A client that sends byte by byte gets no extra time.
    this.#partialSinceMs ??= performance.now()
    if (this.#lateMs === 0) return
    const restMs = Math.max(0, this.#partialSinceMs + this.#lateMs - performance.now())
    this.#timer = setTimeout(() => this.#parts.late(), restMs)
  }

  /** A whole request has arrived: what follows belongs to the next one. */
  received(): void {
    this.#partialSinceMs = undefined
  }

  /** A request is in progress, or the connection ends. */
  stop(): void {
    clearTimeout(this.#timer)
  }
}
