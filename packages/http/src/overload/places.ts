/** The places of a worker (`maxConcurrency`). A request has one from the call of the app to the end of its exchange. */
import { AsyncResource } from 'node:async_hooks'
// The global `performance` is a getter, and this is on the path of every request.
import { performance } from 'node:perf_hooks'
import type { WorkerSettings } from '@tunicorn/arbiter/worker'
import { type QueueLimit, RequestQueue } from './request-queue.js'

/** A request that wants a place. */
export interface PlaceSeeker {
  /** Calls the app. */
  run(): void
  refuse(limit: QueueLimit): void
  /** The client has left, but the code that tracks connections has not reported it yet. */
  readonly isGone: boolean
}

interface Entry {
  readonly seeker: PlaceSeeker
  /** Set for a request that waits: it must not run in the asynchronous context of the request that makes room. */
  resource: AsyncResource | undefined
  hasPlace: boolean
}

export type PlacesSettings = Pick<WorkerSettings, 'maxConcurrency' | QueueLimit>

export class Places {
  readonly #entries = new Map<object, Entry>()
  readonly #queue: RequestQueue<Entry>
  readonly #most: number
  #taken = 0

  constructor(settings: PlacesSettings) {
    this.#most = settings.maxConcurrency
    this.#queue = new RequestQueue({
      settings,
      hasPlace: () => this.#taken < settings.maxConcurrency,
      start: entry => this.#start(entry),
      refuse: ({ seeker }, limit) => seeker.refuse(limit),
      now: () => performance.now(),
    })
  }

  /** Undefined where there is no limit. */
  static of(settings: PlacesSettings): Places | undefined {
    return settings.maxConcurrency > 0 ? new Places(settings) : undefined
  }

  /** There is neither a place nor room to wait for one. */
  get isFull(): boolean {
    return this.#queue.isFull
  }

  /** Requests that have a place or wait for one, per place. */
  get load(): number {
    return (this.#taken + this.#queue.size) / this.#most
  }

  get gauges(): Readonly<Record<string, number>> {
    const { meanWaitMs, size } = this.#queue
    return { requestsRunning: this.#taken, queueLength: size, waitMs: meanWaitMs }
  }

  /** Runs a request now, later, or never. `key`: the object that `left` will be called with. */
  enter(key: object, seeker: PlaceSeeker): void {
    const entry: Entry = { seeker, resource: undefined, hasPlace: false }
    this.#entries.set(key, entry)
    this.#queue.admit(entry)
    if (!entry.hasPlace) entry.resource = new AsyncResource('TunicornWaitingRequest')
  }

  /** The exchange has ended, whether or not it had a place. */
  left(key: object): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    if (!entry.hasPlace) return void this.#queue.remove(entry)
    this.#taken -= 1
    // The caller that ended the exchange has not finished yet.
    if (this.#queue.size > 0) process.nextTick(() => this.#queue.run())
  }

  #start(entry: Entry): void {
    const { resource, seeker } = entry
    entry.hasPlace = true
    this.#taken += 1
    if (seeker.isGone) return
    if (resource === undefined) seeker.run()
    else resource.runInAsyncScope(seeker.run, seeker)
  }
}
