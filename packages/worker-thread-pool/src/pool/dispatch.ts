/** Decides which request goes to which thread, and when. Has the queue, and knows whether there is room in it. */
import type { WorkerSettings } from '@tunicorn/arbiter/worker'
import { type QueueLimit, RequestQueue } from '@tunicorn/http'
import type { ThreadRequest } from './thread-request.js'
import type { ThreadSet } from './thread-set.js'

export interface DispatchParts {
  readonly threadSet: ThreadSet
  /** Requests that one thread may have at a time. */
  readonly concurrency: number
  readonly queue: Pick<WorkerSettings, 'maxConcurrency' | QueueLimit>
  /** There is no room for the request, or it has waited too long. */
  refuse(request: ThreadRequest, limit: QueueLimit): void
  /** Whether another request would be accepted. Called when that changes. */
  roomChanged(hasRoom: boolean): void
  /** Milliseconds of a monotonic clock. */
  now(): number
}

export class Dispatch {
  readonly #parts: DispatchParts
  readonly #queue: RequestQueue<ThreadRequest>
  #hasRoom = true

  constructor(parts: DispatchParts) {
    this.#parts = parts
    this.#queue = new RequestQueue({
      settings: parts.queue,
      hasPlace: () => this.#hasPlace,
      start: request => parts.threadSet.freest(parts.concurrency)?.start(request),
      refuse: (request, limit) => parts.refuse(request, limit),
      spare: () => this.#ending,
      now: parts.now,
    })
  }

  /** The number of requests that wait. */
  get size(): number {
    return this.#queue.size
  }

  /** How long requests have waited recently. */
  get meanWaitMs(): number {
    return this.#queue.meanWaitMs
  }

  /** Starts a request, makes it wait, or refuses it. */
  admit(request: ThreadRequest): void {
    this.#queue.admit(request)
    this.updateRoom()
  }

  /** Gives waiting requests to threads that have room. */
  run(): void {
    this.#queue.run()
    this.updateRoom()
  }

  /** Removes a request. `false`: it was not waiting. */
  remove(request: ThreadRequest): boolean {
    return this.#queue.remove(request)
  }

  /** Removes all waiting requests and returns them. */
  clear(): readonly ThreadRequest[] {
    return this.#queue.clear()
  }

  /** Reports room again only when a quarter of the queue is free, so that listeners are not paused for every request. */
  updateRoom(): void {
    const { maxQueue } = this.#parts.queue
    const limit = this.#hasRoom ? maxQueue : Math.ceil(maxQueue * 0.75)
    const hasRoom = this.#queue.size < limit || (this.#queue.size === 0 && this.#hasPlace)
    if (hasRoom === this.#hasRoom) return
    this.#hasRoom = hasRoom
    this.#parts.roomChanged(hasRoom)
  }

  get #hasPlace(): boolean {
    const { concurrency, queue, threadSet } = this.#parts
    const isBelow = queue.maxConcurrency === 0 || this.#running < queue.maxConcurrency
    return isBelow && threadSet.freest(concurrency) !== undefined
  }

  get #running(): number {
    let running = 0
    for (const { requests } of this.#parts.threadSet.threads) running += requests.size
    return running
  }

  /**
   * Requests that were answered, but whose thread has not yet reported that it is free. A client that has its answer may send its
   * next request before that report, and must not be refused for it.
   */
  get #ending(): number {
    let ending = 0
    for (const { requests } of this.#parts.threadSet.threads)
      for (const { isAnswered } of requests.values()) if (isAnswered) ending += 1
    return ending
  }
}
