/** Which request goes to which thread, and when: the queue, and whether there is room in it. */
import type { PoolThread } from './pool-thread.js'
import { RequestQueue } from './request-queue.js'
import type { ThreadRequest } from './thread-request.js'
import type { ThreadSet } from './thread-set.js'
import { WaitTimes } from './wait-times.js'

export interface DispatchParts {
  readonly threadSet: ThreadSet
  /** Requests that one thread may have at a time. */
  readonly concurrency: number
  /** Requests that may wait. */
  readonly maxQueue: number
  /** Whether another request would be taken. Called when it changes. */
  roomChanged(hasRoom: boolean): void
  /** Milliseconds of a monotonic clock. */
  now(): number
}

export class Dispatch {
  readonly #parts: DispatchParts
  readonly #queue = new RequestQueue()
  readonly #waits = new WaitTimes()
  #hasRoom = true

  constructor(parts: DispatchParts) {
    this.#parts = parts
  }

  /** Requests that wait. */
  get size(): number {
    return this.#queue.size
  }

  /** How long requests have waited lately. */
  get meanWaitMs(): number {
    return this.#waits.meanMs
  }

  /** Starts a request or lets it wait. `false`: there is no room for it. */
  admit(request: ThreadRequest): boolean {
    const { threadSet, concurrency, maxQueue, now } = this.#parts
    const thread = this.#queue.size === 0 ? threadSet.freest(concurrency) : undefined
    if (thread !== undefined) this.#start(thread, request, 0)
    else {
      if (this.#queue.size >= maxQueue + this.#ending) return false
      request.touchedAtMs = now()
      this.#queue.push(request)
    }
    this.updateRoom()
    return true
  }

  /** Gives waiting requests to the threads that have room. */
  run(): void {
    const { threadSet, concurrency, now } = this.#parts
    while (this.#queue.size > 0) {
      const thread = threadSet.freest(concurrency)
      if (thread === undefined) break
      const request = this.#queue.shift()
      if (request === undefined) break
      this.#start(thread, request, now() - request.touchedAtMs)
    }
    this.updateRoom()
  }

  /** Takes a request out. `false`: it was not waiting. */
  remove(request: ThreadRequest): boolean {
    return this.#queue.remove(request)
  }

  /** Takes out those that have waited since `sinceMs` or longer. */
  takeOlder(sinceMs: number): readonly ThreadRequest[] {
    return this.#queue.takeOlder(sinceMs)
  }

  /** Opens again only when a quarter of the queue is free, so that listeners are not paused for every request. */
  updateRoom(): void {
    const { maxQueue, concurrency, threadSet } = this.#parts
    const limit = this.#hasRoom ? maxQueue : Math.ceil(maxQueue * 0.75)
    const hasRoom =
      this.#queue.size < limit || (this.#queue.size === 0 && threadSet.freest(concurrency) !== undefined)
    if (hasRoom === this.#hasRoom) return
    this.#hasRoom = hasRoom
    this.#parts.roomChanged(hasRoom)
  }

  #start(thread: PoolThread, request: ThreadRequest, waitMs: number): void {
    this.#waits.add(waitMs)
    thread.start(request)
  }

  /**
   * Requests that were answered and whose thread has not said yet that it is free. A client with its answer in hand may
   * be faster than that, and must not be refused for it.
   */
  get #ending(): number {
    let ending = 0
    for (const { requests } of this.#parts.threadSet.threads)
      for (const { isAnswered } of requests.values()) if (isAnswered) ending += 1
    return ending
  }
}
