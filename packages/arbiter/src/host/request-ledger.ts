/** Counts requests and knows which are in flight, for every worker class alike. On the path of every request. */
// The global of the same name is a getter, too slow for the path of every request.
import { performance } from 'node:perf_hooks'
import type { RefusalReason } from '../contract/refusal-reason.js'
import type { RequestHead, RequestObserver, RequestOutcome } from '../contract/request.js'
import { maxNamed, type RequestInFlight } from '../protocol/messages.js'
import type { RequestFigures } from '../protocol/request-figures.js'
import type { FlightRecorder } from './flight-recorder.js'
import { RequestCounts } from './request-counts.js'

interface Entry {
  readonly head: RequestHead
  readonly startedAtMs: number
  previous: Entry | undefined
  next: Entry | undefined
  isEnded: boolean
  /** Its slot in the flight record. */
  readonly slot: number
}

export interface LedgerObserver {
  /** A request has begun: the `count`th of this worker. */
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
  readonly #recorder: FlightRecorder | undefined
  /** Usually empty. */
  #watchers: readonly RequestObserver[] = []

  /** Without a `recorder`, nobody knows what was in flight when the process ended. */
  constructor(observer: LedgerObserver, recorder?: FlightRecorder) {
    this.#observer = observer
    this.#recorder = recorder
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

  /** A request did not reach the app. The worker class decides whether it also begins and ends. */
  refuse(reason: RefusalReason): void {
    this.#counts.refuse(reason)
  }

  /** From now on `watcher` is told of each request, after the watchers added before it. */
  watch(watcher: RequestObserver): void {
    this.#watchers = [...this.#watchers, watcher]
  }

  begin(head: RequestHead): (outcome: RequestOutcome) => void {
    const { startedAtMs = performance.now() } = head
    const entry: Entry = {
      head,
      startedAtMs,
      previous: this.#newest,
      next: undefined,
      isEnded: false,
      slot: this.#recorder?.begin(head, startedAtMs) ?? 0,
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
    const { head, startedAtMs, slot } = entry
    this.#recorder?.end(slot)
    const endedAtMs = performance.now()
    this.#counts.add(outcome, endedAtMs - startedAtMs)
    this.#inFlight -= 1
    if (entry.previous) entry.previous.next = entry.next
    else this.#oldest = entry.next
    if (entry.next) entry.next.previous = entry.previous
    else this.#newest = entry.previous
    // Once one entry is in the old generation, it would keep its neighbour alive, and so on through all later ones.
    entry.previous = undefined
    entry.next = undefined
    for (const watcher of this.#watchers) watcher.ended(head, outcome, startedAtMs, endedAtMs)
    this.#observer.ended()
  }

  /** The longest-running requests in flight, longest first. */
  longest(): readonly RequestInFlight[] {
    const found: RequestInFlight[] = []
    const now = performance.now()
    for (let entry = this.#oldest; entry && found.length < maxNamed; entry = entry.next)
      found.push(shownOf(entry, now))
    return found
  }

  /** The longest-running requests in flight, followed by the one that began last, which usually runs the blocking code. */
  suspects(): readonly RequestInFlight[] {
    const longest = this.longest()
    if (longest.length < maxNamed || !this.#newest) return longest
    return [...longest.slice(0, -1), shownOf(this.#newest, performance.now())]
  }
}

function shownOf({ head: { method, target, id }, startedAtMs }: Entry, now: number): RequestInFlight {
  const shown = { method, target: target.slice(0, 500), ms: Math.max(0, Math.round(now - startedAtMs)) }
  return id === undefined ? shown : { ...shown, id }
}
