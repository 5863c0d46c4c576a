/** How many requests a worker serves before another one takes its place. */
import type { WorkerSettings } from '../contract/worker-settings.js'

export class RequestLimit {
  /** 0: none. */
  readonly #limit: number
  /** It serves one request at a time, and is therefore idle at its limit. */
  isSingle = false

  constructor({ maxRequests, maxRequestsJitter }: WorkerSettings) {
    this.#limit = maxRequests === 0 ? 0 : maxRequests + Math.floor(Math.random() * (maxRequestsJitter + 1))
  }

  get isNone(): boolean {
    return this.#limit === 0
  }

  /** So many more requests, and it goes. Undefined: there is no limit. */
  left(begun: number): number | undefined {
    return this.#limit === 0 ? undefined : Math.max(0, this.#limit - begun)
  }

  /** The worker goes on until another one serves in its place. */
  isPassedBy(begun: number): boolean {
    return begun === this.#limit && !this.isSingle
  }

  /** The worker has served all that it was to: nothing has to be ready before it goes. */
  isUsedUpBy(begun: number): boolean {
    return this.isSingle && this.#limit > 0 && begun >= this.#limit
  }
}

/** Why a worker goes that has served so many. */
export const limitReason = (begun: number): string =>
  `max-requests: ${begun} request${begun === 1 ? '' : 's'} served`
