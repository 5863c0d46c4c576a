/** How many requests a worker serves before another replaces it. */
import type { WorkerSettings } from '../contract/worker-settings.js'

export class RequestLimit {
  /** 0: no limit. */
  readonly #limit: number
  /** The worker serves one request at a time, and is therefore idle at its limit. */
  isSingle = false

  constructor({ maxRequests, maxRequestsJitter }: WorkerSettings) {
    this.#limit = maxRequests === 0 ? 0 : maxRequests + Math.floor(Math.random() * (maxRequestsJitter + 1))
  }

  get isNone(): boolean {
    return this.#limit === 0
  }

  /** How many more requests it serves. Undefined: there is no limit. */
  left(begun: number): number | undefined {
    return this.#limit === 0 ? undefined : Math.max(0, this.#limit - begun)
  }

  /** The worker has reached its limit, and goes on until its replacement serves. */
  isPassedBy(begun: number): boolean {
    return begun === this.#limit && !this.isSingle
  }

  /** The worker has served all its requests and may end at once, without a replacement being ready. */
  isUsedUpBy(begun: number): boolean {
    return this.isSingle && this.#limit > 0 && begun >= this.#limit
  }
}

/** The reason given for a worker that ends after this many requests. */
export const limitReason = (begun: number): string =>
  `max-requests: ${begun} request${begun === 1 ? '' : 's'} served`
