/** Requests that wait for a place, first come, first served. None of them has run, and a refused one never will. */
import type { WorkerSettings } from '@tunicorn/arbiter/worker'
import { WaitTimes } from './wait-times.js'

/** The setting because of which a request was refused. */
export type QueueLimit = 'maxQueue' | 'queueTimeout'

export interface RequestQueueParts<Item> {
  readonly settings: Pick<WorkerSettings, QueueLimit>
  /** Whether a request may start. */
  hasPlace(): boolean
  start(item: Item): void
  /** There is no room for the request, or it has waited too long. */
  refuse(item: Item, limit: QueueLimit): void
  /** How many more may wait briefly because places are about to become free. @default none */
  spare?(): number
  /** Milliseconds of a monotonic clock. */
  now(): number
}

export class RequestQueue<Item> {
  readonly #parts: RequestQueueParts<Item>
  /** When each began to wait. A map keeps the order, and an entry in the middle can be removed at no cost. */
  readonly #waiting = new Map<Item, number>()
  readonly #waits = new WaitTimes()
  #timer: NodeJS.Timeout | undefined

  constructor(parts: RequestQueueParts<Item>) {
    this.#parts = parts
  }

  /** The number of requests that wait. */
  get size(): number {
    return this.#waiting.size
  }

  /** How long requests have waited recently, including those that did not have to wait. Milliseconds. */
  get meanWaitMs(): number {
    return this.#waits.meanMs
  }

  /** There is neither a place nor room to wait for one. */
  get isFull(): boolean {
    const { hasPlace, settings, spare } = this.#parts
    if (this.#waiting.size === 0 && hasPlace()) return false
    return this.#waiting.size >= settings.maxQueue + (spare?.() ?? 0)
  }

  /** Starts a request, makes it wait, or refuses it. */
  admit(item: Item): void {
    const { hasPlace, now, refuse } = this.#parts
    if (this.#waiting.size === 0 && hasPlace()) return this.#start(item, 0)
    if (this.isFull) return refuse(item, 'maxQueue')
    this.#waiting.set(item, now())
    this.#watch()
  }

  /** Gives free places to waiting requests. */
  run(): void {
    const { hasPlace, now } = this.#parts
    for (const [item, sinceMs] of this.#waiting) {
      if (!hasPlace()) return
      this.#waiting.delete(item)
      this.#start(item, now() - sinceMs)
    }
  }

  /** Removes a request. `false`: it was not waiting. */
  remove(item: Item): boolean {
    return this.#waiting.delete(item)
  }

  /** Removes all waiting requests and returns them. */
  clear(): readonly Item[] {
    const items = [...this.#waiting.keys()]
    this.#waiting.clear()
    clearTimeout(this.#timer)
    this.#timer = undefined
    return items
  }

  #start(item: Item, waitMs: number): void {
    this.#waits.add(waitMs)
    this.#parts.start(item)
  }

  get #timeoutMs(): number {
    return this.#parts.settings.queueTimeout * 1_000
  }

  /** One timer, for the request that has waited the longest. */
  #watch(): void {
    const [sinceMs] = this.#waiting.values()
    if (this.#timeoutMs === 0 || this.#timer !== undefined || sinceMs === undefined) return
    const restMs = Math.max(1, sinceMs + this.#timeoutMs - this.#parts.now())
    this.#timer = setTimeout(() => this.#expire(), restMs).unref()
  }

  #expire(): void {
    this.#timer = undefined
    // Timers count in whole milliseconds.
    const dueMs = this.#parts.now() - this.#timeoutMs + 1
    for (const [item, sinceMs] of this.#waiting) {
      if (sinceMs > dueMs) break
      this.#waiting.delete(item)
      this.#parts.refuse(item, 'queueTimeout')
    }
    this.#watch()
  }
}
