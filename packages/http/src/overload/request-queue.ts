/** Requests that wait for a place, first come, first served. None of them has run, and one that is refused never will. */
import type { WorkerSettings } from '@tunicorn/arbiter/worker'
import { WaitTimes } from './wait-times.js'

/** The setting that a request was refused by. */
export type QueueLimit = 'maxQueue' | 'queueTimeout'

export interface RequestQueueParts<Item> {
  readonly settings: Pick<WorkerSettings, QueueLimit>
  /** Whether a request may start. */
  hasPlace(): boolean
  start(item: Item): void
  /** There is no room for it, or it has waited too long. */
  refuse(item: Item, limit: QueueLimit): void
  /** How many more may wait for a moment, because places are about to be free. @default none */
  spare?(): number
  /** Milliseconds of a monotonic clock. */
  now(): number
}

export class RequestQueue<Item> {
  readonly #parts: RequestQueueParts<Item>
  /** Since when. A map keeps the order and forgets from the middle at no cost. */
  readonly #waiting = new Map<Item, number>()
  readonly #waits = new WaitTimes()
  #timer: NodeJS.Timeout | undefined

  constructor(parts: RequestQueueParts<Item>) {
    this.#parts = parts
  }

  /** Requests that wait. */
  get size(): number {
    return this.#waiting.size
  }

  /** How long requests have waited lately, including those that did not wait. Milliseconds. */
  get meanWaitMs(): number {
    return this.#waits.meanMs
  }

  /** There is neither a place nor room to wait for one. */
  get isFull(): boolean {
    const { hasPlace, settings, spare } = this.#parts
    if (this.#waiting.size === 0 && hasPlace()) return false
    return this.#waiting.size >= settings.maxQueue + (spare?.() ?? 0)
  }

  /** Starts a request, lets it wait or refuses it. */
  admit(item: Item): void {
    const { hasPlace, now, refuse } = this.#parts
    if (this.#waiting.size === 0 && hasPlace()) return this.#start(item, 0)
    if (this.isFull) return refuse(item, 'maxQueue')
    this.#waiting.set(item, now())
    this.#watch()
  }

  /** Gives the places that have become free to waiting requests. */
  run(): void {
    const { hasPlace, now } = this.#parts
    for (const [item, sinceMs] of this.#waiting) {
      if (!hasPlace()) return
      this.#waiting.delete(item)
      this.#start(item, now() - sinceMs)
    }
  }

  /** Forgets a request. `false`: it was not waiting. */
  remove(item: Item): boolean {
    return this.#waiting.delete(item)
  }

  /** Forgets all waiting requests, and returns them. */
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

  /** One timer, for the request that has waited longest. */
  #watch(): void {
    const [sinceMs] = this.#waiting.values()
    if (this.#timeoutMs === 0 || this.#timer !== undefined || sinceMs === undefined) return
    const restMs = Math.max(1, sinceMs + this.#timeoutMs - this.#parts.now())
    this.#timer = setTimeout(() => this.#expire(), restMs).unref()
  }

  #expire(): void {
    this.#timer = undefined
    // The clocks of timers have whole milliseconds.
    const dueMs = this.#parts.now() - this.#timeoutMs + 1
    for (const [item, sinceMs] of this.#waiting) {
      if (sinceMs > dueMs) break
      this.#waiting.delete(item)
      this.#parts.refuse(item, 'queueTimeout')
    }
    this.#watch()
  }
}
