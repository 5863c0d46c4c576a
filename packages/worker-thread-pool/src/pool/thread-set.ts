/** The threads of a pool. Keeps their number, replaces dead ones, and recycles old ones one at a time, replacement first. */
import { exposeMetrics } from '@tunicorn/arbiter/app'
import {
  type AppAdoption,
  type Logger,
  type SendHint,
  sendHints,
  ThreadMetrics,
} from '@tunicorn/arbiter/worker'
import type { Piscina } from 'piscina'
import type { ThreadInit } from '../protocol/messages.js'
import { type Broadcast, PoolThread, type PoolThreadObserver } from './pool-thread.js'
import type { ThreadRequest } from './thread-request.js'

export interface ThreadSetParts {
  readonly piscina: Piscina
  readonly init: ThreadInit
  readonly size: number
  /** Answers an app that calls `listen` itself. */
  readonly adoption: AppAdoption | undefined
  readonly log: Logger
  readonly limits: ThreadSetLimits
  readonly observer: ThreadSetObserver
  /** Milliseconds of a monotonic clock. */
  now(): number
}

/** 0 = off. */
export interface ThreadSetLimits {
  /** Requests after which a thread is recycled. */
  readonly maxRequests: number
  /** Age at which a thread is recycled. */
  readonly maxAgeMs: number
  /** How long a replacement may take to load the app. */
  readonly bootMs: number
  /** How long the app in a thread may take to end. After that, the thread is ended by force. */
  readonly stopMs: number
}

/** The owner of the threads. */
export interface ThreadSetObserver extends Omit<PoolThreadObserver, 'hinted' | 'measured' | 'warned'> {
  /** A thread can take requests. */
  arrived(): void
}

/** How long to wait before starting another thread after one that could not start. Doubles up to the maximum. */
const firstBackOffMs = 100
const maxBackOffMs = 10_000
/** A thread that served nothing and lived for less than this counts as one that could not start. */
const shortLifeMs = 1_000

export class ThreadSet implements PoolThreadObserver {
  readonly #parts: ThreadSetParts
  readonly #threads = new Set<PoolThread>()
  /** Messages that were already logged on behalf of all threads. */
  readonly #said = new Set<string>()
  readonly #metrics = new ThreadMetrics()
  #hasMetrics = false
  #number = 0
  #failures = 0
  #backOff: NodeJS.Timeout | undefined
  #recycling: PoolThread | undefined
  #mayRecycleAtMs = 0
  #isStarted = false
  #isStopped = false

  constructor(parts: ThreadSetParts) {
    this.#parts = parts
  }

  /** All existing threads, including those that are starting or ending. */
  get threads(): ReadonlySet<PoolThread> {
    return this.#threads
  }

  /** Starts all threads. Rejects with the error of the first one that cannot load the app. */
  async start(): Promise<void> {
    await Promise.all(Array.from({ length: this.#parts.size }, () => this.#add().ready))
    this.#isStarted = true
    this.#fill()
  }

  /** The ready thread with the fewest requests, if it has fewer than `concurrency`. */
  freest(concurrency: number): PoolThread | undefined {
    let freest: PoolThread | undefined
    let fewest = concurrency
    for (const thread of this.#threads) {
      if (thread.state !== 'ready' || thread.requests.size >= fewest) continue
      freest = thread
      fewest = thread.requests.size
    }
    return freest
  }

  /** Begins to recycle the thread if that is due, unless another one is being recycled. */
  recycleIfDue(thread: PoolThread): void {
    const { limits, now } = this.#parts
    const isUsedUp = limits.maxRequests > 0 && thread.begun >= limits.maxRequests
    const isOld = limits.maxAgeMs > 0 && thread.ageMs >= limits.maxAgeMs
    if ((!isUsedUp && !isOld) || thread.state !== 'ready') return
    if (this.#recycling !== undefined || this.#isStopped || !this.#mayStart || now() < this.#mayRecycleAtMs)
      return
    this.#recycling = thread
    void this.#recycle(thread)
  }

  /** Asks every thread to close its app and exit, and starts no others. Resolves when all have gone. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#backOff)
    for (const thread of this.#threads) thread.stop()
    await Promise.all([...this.#threads].map(thread => thread.exited))
  }

  freed(thread: PoolThread, request: ThreadRequest): void {
    this.#failures = 0
    this.#parts.observer.freed(thread, request)
  }

  broadcast(thread: PoolThread, broadcast: Broadcast): void {
    this.#parts.observer.broadcast(thread, broadcast)
  }

  measured(thread: PoolThread, text: string): void {
    if (!this.#hasMetrics) exposeMetrics(this.#metrics)
    this.#hasMetrics = true
    this.#metrics.told(thread, text)
  }

  warned(text: string): void {
    if (this.#isNew(text)) this.#parts.log.warn(text)
  }

  hinted(about: SendHint): void {
    if (this.#isNew(about)) this.#parts.log.info(sendHints[about])
  }

  failedLate(thread: PoolThread, error: Error): void {
    this.#parts.observer.failedLate(thread, error)
  }

  died(thread: PoolThread, error: Error): void {
    this.#threads.delete(thread)
    this.#metrics.ended(thread)
    if (this.#recycling === thread) this.#recycling = undefined
    const isShortLived = thread.threadId !== 0 && thread.begun === 0 && thread.ageMs < shortLifeMs
    if (isShortLived && !thread.isStopped) this.#failures += 1
    this.#parts.observer.died(thread, error)
    this.#fill()
  }

  #isNew(said: string): boolean {
    const isNew = !this.#said.has(said)
    this.#said.add(said)
    return isNew
  }

  #add(): PoolThread {
    const { piscina, init, adoption, limits, now } = this.#parts
    const { stopMs } = limits
    this.#number += 1
    const number = this.#number
    const thread = new PoolThread({ number, piscina, init, adoption, stopMs, observer: this, now })
    this.#threads.add(thread)
    thread.ready.then(
      () => this.#parts.observer.arrived(),
      () => undefined,
    )
    return thread
  }

  /** Starts as many threads as are missing. If the last ones could not start, it does so later. */
  #fill(): void {
    if (!this.#isStarted || this.#isStopped || !this.#mayStart || this.#backOff !== undefined) return
    const missing = this.#parts.size - this.#active
    if (missing <= 0) return
    if (this.#failures === 0) {
      for (let index = 0; index < missing; index += 1) void this.#replace()
      return
    }
    this.#backOff = setTimeout(
      () => {
        this.#backOff = undefined
        if (this.#mayStart && this.#active < this.#parts.size) void this.#replace()
        this.#fill()
      },
      Math.min(maxBackOffMs, firstBackOffMs * 2 ** (this.#failures - 1)),
    )
  }

  get #active(): number {
    return [...this.#threads].filter(({ state }) => state === 'starting' || state === 'ready').length
  }

  /** False while the stack of a condemned thread is taken. On Node 22, both threads hang if another one starts meanwhile. */
  get #mayStart(): boolean {
    return ![...this.#threads].some(({ state }) => state === 'condemned')
  }

  /** Resolves with the new thread when it can take requests, or with `undefined` if it could not start. */
  async #replace(): Promise<PoolThread | undefined> {
    const { limits, log } = this.#parts
    const thread = this.#add()
    const late = (): void => thread.lose(new Error(`It was not ready within ${limits.bootMs / 1000} s`))
    const timer = limits.bootMs > 0 ? setTimeout(late, limits.bootMs) : undefined
    try {
      await thread.ready
      return thread
    } catch (error) {
      this.#failures += 1
      if (!this.#isStopped) log.error(`Thread ${thread.number} could not start`, { error })
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  async #recycle(thread: PoolThread): Promise<void> {
    const replacement = await this.#replace()
    if (replacement === undefined) {
      // The old thread continues. Another attempt is made later.
      this.#mayRecycleAtMs = this.#parts.now() + maxBackOffMs
      if (this.#recycling === thread) this.#recycling = undefined
      return
    }
    this.#parts.log.debug(`Thread ${thread.number} is recycled after ${thread.begun} requests`)
    thread.retire()
  }
}
