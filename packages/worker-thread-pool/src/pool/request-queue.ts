/** Requests that wait for a thread, first come first served. None of them has run, and one that is dropped never does. */
import type { ThreadRequest } from './thread-request.js'

export class RequestQueue {
  /** A set keeps the order and forgets from the middle at no cost. */
  readonly #requests = new Set<ThreadRequest>()

  get size(): number {
    return this.#requests.size
  }

  push(request: ThreadRequest): void {
    this.#requests.add(request)
  }

  shift(): ThreadRequest | undefined {
    const [first] = this.#requests
    if (first !== undefined) this.#requests.delete(first)
    return first
  }

  /** `false` when it was not waiting. */
  remove(request: ThreadRequest): boolean {
    return this.#requests.delete(request)
  }

  /** Removes those that have waited since `sinceMs` or longer. */
  takeOlder(sinceMs: number): readonly ThreadRequest[] {
    const old: ThreadRequest[] = []
    for (const request of this.#requests) {
      if (request.touchedAtMs > sinceMs) break
      old.push(request)
      this.#requests.delete(request)
    }
    return old
  }
}
