/** Runs requests in threads, and limits their time. `Dispatch` has the waiting requests, `ThreadSet` has the threads. */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { AppAdoption, Logger, WorkerStats } from '@tunicorn/arbiter/worker'
import type { QueueLimit } from '@tunicorn/http'
import { Piscina } from 'piscina'
import type { ThreadInit } from '../protocol/messages.js'
import { Dispatch, type DispatchParts } from './dispatch.js'
import type { ThreadResourceLimits } from './options.js'
import { type PoolBroadcastParts, PoolBroadcasts } from './pool-broadcasts.js'
import type { Broadcast, PoolThread } from './pool-thread.js'
import { ThreadRequest, type ThreadRequestObserver } from './thread-request.js'
import { ThreadSet, type ThreadSetLimits, type ThreadSetObserver } from './thread-set.js'
import { stackOfThread } from './thread-stack.js'
import { type TimeLimits, timeoutVerdict } from './timeout-verdict.js'
import type { WithContext } from './trace-context.js'

export interface ThreadPoolParts {
  readonly init: ThreadInit
  readonly adoption: AppAdoption | undefined
  /** `file:` URL of the module that threads run. */
  readonly threadUrl: URL
  readonly threads: number
  /** Requests that one thread may have at a time. */
  readonly concurrency: number
  readonly queue: DispatchParts['queue']
  readonly times: TimeLimits
  readonly limits: ThreadSetLimits
  readonly resourceLimits: ThreadResourceLimits
  readonly broadcasts: Pick<PoolBroadcastParts, 'group' | 'send'>
  readonly log: Logger
  /** Answers a request for which there is no room. */
  refuse(res: ServerResponse, limit: QueueLimit): void
  /** Absent: no tracer runs on the event loop. */
  readonly withContext: WithContext | undefined
  /** Whether another request would be accepted. Called when that changes. */
  roomChanged(hasRoom: boolean): void
  /** The pool can no longer do its work. */
  broken(reason: string): void
  /** Milliseconds of a monotonic clock. */
  now(): number
}

/** How long threads have to close the app if there is no deadline or it has passed. The host then allows 1500 ms. */
const stopMs = 800
/** A thread that cannot be terminated within this time hangs in native code. Only the end of the process ends it. */
const terminateMs = 5_000
const maxTickMs = 500

export class ThreadPool implements ThreadRequestObserver, ThreadSetObserver {
  readonly #parts: ThreadPoolParts
  readonly #piscina: Piscina
  readonly #threadSet: ThreadSet
  readonly #dispatch: Dispatch
  readonly #broadcasts: PoolBroadcasts
  readonly #ticker: NodeJS.Timeout
  #ids = 0
  #lost = 0
  #failStart: ((error: Error) => void) | undefined
  #closing: Promise<void> | undefined

  constructor(parts: ThreadPoolParts) {
    const { threads, threadUrl, resourceLimits, init, adoption, log, limits, now } = parts
    this.#parts = parts
    // Piscina gets one endless task per thread, so that its queue, its signals and its reuse of threads play no part. One thread
    // more than twice the number is allowed, because each may be on its way out while its successor starts.
    this.#piscina = new Piscina({
      filename: threadUrl.href,
      minThreads: 0,
      maxThreads: threads * 2 + 1,
      concurrentTasksPerWorker: 1,
      // `sync`, the default, blocks the event loop of a thread between two tasks.
      atomics: 'disabled',
      recordTiming: false,
      resourceLimits: definedOnly(resourceLimits),
    })
    this.#piscina.on('error', (error: Error) => this.#poolFailed(error))
    this.#threadSet = new ThreadSet({
      piscina: this.#piscina,
      init,
      adoption,
      size: threads,
      log,
      limits,
      observer: this,
      now,
    })
    this.#dispatch = new Dispatch({
      ...parts,
      threadSet: this.#threadSet,
      refuse: (request, limit) => this.#refuse(request, limit),
    })
    this.#broadcasts = new PoolBroadcasts({
      ...parts.broadcasts,
      log,
      threads: () => this.#threadSet.threads,
    })
    this.#ticker = setInterval(() => this.#tick(), tickMs(parts))
    this.#ticker.unref()
  }

  /** Starts the threads. Rejects with the app's error if one of them cannot load it. */
  async start(): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      this.#failStart = reject
    })
    await Promise.race([this.#threadSet.start(), failed])
    this.#failStart = undefined
  }

  /** Runs a request in a thread. Rejects when the app or the thread fails. */
  run(req: IncomingMessage, res: ServerResponse): Promise<void> {
    this.#ids += 1
    const { now, withContext } = this.#parts
    const fields = withContext?.(req.rawHeaders) ?? req.rawHeaders
    const request = new ThreadRequest(this.#ids, { req, res, fields }, { nowMs: now(), observer: this })
    request.body.gather(() => this.#admit(request))
    return request.settled
  }

  /** Refuses waiting requests, closes the app in every thread until `deadline` at most, and leaves no thread. Idempotent. */
  close(deadline?: AbortSignal): Promise<void> {
    this.#closing ??= this.#close(deadline)
    return this.#closing
  }

  stats(): WorkerStats {
    const threads = [...this.#threadSet.threads]
    const running = threads.reduce((sum, thread) => sum + thread.requests.size, 0)
    const ready = threads.filter(({ state }) => state === 'ready').length
    const { concurrency, queue } = this.#parts
    const places = Math.min(ready * concurrency, queue.maxConcurrency || Number.POSITIVE_INFINITY)
    return {
      ...(places > 0 && { load: (running + this.#dispatch.size) / places }),
      gauges: {
        threads: ready,
        threadsBusy: threads.filter(({ requests }) => requests.size > 0).length,
        threadsLost: this.#lost,
        requestsRunning: running,
        queueLength: this.#dispatch.size,
        waitMs: this.#dispatch.meanWaitMs,
      },
    }
  }

  arrived(): void {
    this.#dispatch.run()
  }

  freed(thread: PoolThread): void {
    this.#dispatch.run()
    this.#threadSet.recycleIfDue(thread)
  }

  left(request: ThreadRequest): void {
    if (this.#dispatch.remove(request)) this.#dispatch.run()
    // The request is still being gathered or waiting, and will never run.
    if (!request.isStarted) request.drop()
    else request.sendAbort('left', this.#parts.now())
  }

  died(thread: PoolThread, error: Error): void {
    const requests = [...thread.requests.values()]
    thread.requests.clear()
    if (!thread.isStopped && thread.threadId !== 0) {
      this.#lost += 1
      if (thread.state !== 'condemned')
        this.#parts.log.error(`Thread ${thread.number} died: ${error.message}${namesOf(requests)}`, { error })
    }
    for (const request of requests)
      request.fail(503, new Error(`Thread ${thread.number} ended during ${request.name}`, { cause: error }))
    this.#dispatch.updateRoom()
  }

  /** Another worker broadcasts. */
  hear(text: string): void {
    this.#broadcasts.hear(text)
  }

  broadcast(thread: PoolThread, broadcast: Broadcast): void {
    this.#broadcasts.pass(thread, broadcast)
  }

  failedLate(thread: PoolThread, error: Error): void {
    this.#parts.log.error(`Error in thread ${thread.number} after a response had ended`, { error })
  }

  #admit(request: ThreadRequest): void {
    if (request.isSettled) return
    if (this.#closing !== undefined) this.#refuse(request, 'maxQueue')
    else this.#dispatch.admit(request)
  }

  #refuse(request: ThreadRequest, limit: QueueLimit): void {
    request.refuse(res => this.#parts.refuse(res, limit))
  }

  #tick(): void {
    const { times, now } = this.#parts
    const nowMs = now()
    for (const thread of [...this.#threadSet.threads]) {
      if (thread.state !== 'condemned') this.#watch(thread, nowMs, times)
      this.#threadSet.recycleIfDue(thread)
    }
    this.#dispatch.updateRoom()
    this.#broadcasts.report()
  }

  #watch(thread: PoolThread, nowMs: number, times: TimeLimits): void {
    for (const request of thread.requests.values()) {
      if (request.isWaitingForClient) request.touchedAtMs = nowMs
      switch (timeoutVerdict(request, nowMs, times)) {
        case 'wait':
          continue
        case 'timeout':
          request.sendAbort('timeout', nowMs)
          request.fail(
            504,
            new Error(`${request.name} was silent for the timeout of ${times.timeoutMs / 1000} s`),
          )
          continue
        case 'terminate':
          void this.#terminate(thread, request)
          return
      }
    }
  }

  async #terminate(thread: PoolThread, culprit: ThreadRequest): Promise<void> {
    thread.condemn()
    const stack = await stackOfThread(thread.threadId)
    const others = [...thread.requests.values()].filter(request => request !== culprit)
    const evidence = new Error(`The thread was in ${stack === undefined ? 'native code' : 'JavaScript'}`)
    evidence.stack = stack === undefined ? evidence.message : `${evidence.message}:\n${stack}`
    const why = culprit.abort === 'timeout' ? 'ran past the timeout' : 'went on after its client had left'
    this.#parts.log.error(
      `Thread ${thread.number} is terminated: ${culprit.name} ${why} and did not stop when it was aborted${namesOf(others)}`,
      { error: evidence },
    )
    thread.lose(new Error(`It was terminated because of ${culprit.name}`))
    const isGone = await Promise.race([
      thread.terminate().then(() => true),
      delay(terminateMs, false, { ref: false }),
    ])
    if (!isGone) this.#parts.broken('a thread hangs in native code')
  }

  #poolFailed(error: Error): void {
    if (this.#failStart !== undefined) return this.#failStart(error)
    this.#parts.log.error('A thread could not be created', { error })
    this.#parts.broken('a thread could not be created')
  }

  async #close(deadline: AbortSignal | undefined): Promise<void> {
    clearInterval(this.#ticker)
    for (const request of this.#dispatch.clear()) request.drop()
    await Promise.race([this.#threadSet.stop(), late(deadline)])
    await this.#piscina.destroy()
  }
}

async function late(deadline: AbortSignal | undefined): Promise<void> {
  const moment = delay(stopMs, undefined, { ref: false })
  if (deadline !== undefined && !deadline.aborted) await once(deadline, 'abort')
  await moment
}

function tickMs({ times, limits }: ThreadPoolParts): number {
  const set = [times.timeoutMs, times.graceMs, limits.maxAgeMs].filter(ms => ms > 0)
  return Math.max(10, Math.min(maxTickMs, ...set.map(ms => ms / 4)))
}

function namesOf(requests: readonly ThreadRequest[]): string {
  return requests.length === 0 ? '' : `; its requests fail: ${requests.map(({ name }) => name).join(', ')}`
}

/** Node rejects a limit that is present but undefined. */
function definedOnly(limits: ThreadResourceLimits): Record<string, number> {
  return Object.fromEntries(
    Object.entries(limits).flatMap(([name, limit]) => (limit === undefined ? [] : [[name, limit]])),
  )
}
