/** Counts requests and knows which are in flight, once for every worker class. On the path of every request. */
// The global of the same name is a getter, on the path of every request.
import { performance } from 'node:perf_hooks'
import type { RequestHead, RequestObserver, RequestOutcome } from '../contract/request.js'
import type { RequestInFlight } from '../protocol/messages.js'
import type { RequestFigures } from '../protocol/request-figures.js'
import { RequestCounts } from './request-counts.js'

interface Entry {
  readonly head: RequestHead
  readonly startedAtMs: number
  previous: Entry | undefined
  next: Entry | undefined
  isEnded: boolean
}

/** How many of the longest requests a sample names. */
const shown = 10

export interface LedgerObserver {
  /** A request has begun, the `count`th of this worker. */
  begun(count: number): void
  ended(): void
}

export class RequestLedger {
  #oldest: Entry | undefined
  #newest: Entry | undefined
  #inFlight = 0
  #begun = 0
  readonly #counts = new RequestCounts()
  readonly #observer: LedgerObserver
  /** Mostly none. */
  #watchers: readonly RequestObserver[] = []

  constructor(observer: LedgerObserver) {
    this.#observer = observer
  }

  get inFlight(): number {
    return this.#inFlight
  }

  get begun(): number {
    return this.#begun
  }

  /** How requests have ended so far. */
  get ended(): RequestFigures {
    return this.#counts.figures()
  }

  /** From now on `watcher` is told of each request, after those from before. */
  watch(watcher: RequestObserver): void {
    this.#watchers = [...this.#watchers, watcher]
  }

  begin(head: RequestHead): (outcome: RequestOutcome) => void {
    const entry: Entry = {
      head,
      startedAtMs: head.startedAtMs ?? performance.now(),
      previous: this.#newest,
      next: undefined,
      isEnded: false,
    }
    if (this.#newest) this.#newest.next = entry
    else this.#oldest = entry
    this.#newest = entry
    this.#inFlight += 1
    this.#begun += 1
    this.#observer.begun(this.#begun)
    for (const watcher of this.#watchers) watcher.begun(head)
    return outcome => this.#end(entry, outcome)
  }

  #end(entry: Entry, outcome: RequestOutcome): void {
    if (entry.isEnded) return
    entry.isEnded = true
    const { head, startedAtMs } = entry
    const endedAtMs = performance.now()
    this.#counts.add(outcome, endedAtMs - startedAtMs)
    this.#inFlight -= 1
    if (entry.previous) entry.previous.next = entry.next
    else this.#oldest = entry.next
    if (entry.next) entry.next.previous = entry.previous
    else this.#newest = entry.previous
    // One that has become old garbage would keep its neighbour, that one its own, and so all that came after it.
    entry.previous = undefined
    entry.next = undefined
    for (const watcher of this.#watchers) watcher.ended(head, outcome, startedAtMs, endedAtMs)
    this.#observer.ended()
  }

  /** The longest requests in flight, longest first. */
  longest(): readonly RequestInFlight[] {
    const found: RequestInFlight[] = []
    const now = performance.now()
    for (let entry = this.#oldest; entry && found.length < shown; entry = entry.next) {
      const { method, target } = entry.head
      found.push({ method, target: target.slice(0, 500), ms: Math.round(now - entry.startedAtMs) })
    }
    return found
  }
}
