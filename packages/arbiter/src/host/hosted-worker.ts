/** A worker made by a worker class, as the host uses it: it gets one call at a time, is closed once, and can never prevent the end. */
import { once } from 'node:events'
import type { Logger } from '../contract/logger.js'
import type { Worker } from '../contract/worker-class.js'

/** How long the app and the worker class may take to close, after the deadline or when there is none. */
const closeMs = 1_500

export class HostedWorker {
  readonly #worker: Worker
  readonly #log: Logger
  readonly #shutDown: () => unknown
  #serving: Promise<void> | undefined
  #closing: Promise<void> | undefined

  /** `shutDown` shuts down the app itself. */
  constructor(worker: Worker, log: Logger, shutDown: () => unknown) {
    this.#worker = worker
    this.#log = log
    this.#shutDown = shutDown
  }

  async boot(): Promise<void> {
    await this.#worker.boot()
  }

  async serve(): Promise<void> {
    const serving = this.#worker.serve()
    this.#serving = serving.catch(() => {})
    await serving
  }

  stats(): ReturnType<NonNullable<Worker['stats']>> | undefined {
    return this.#worker.stats?.()
  }

  shed(count: number): void {
    this.#worker.shed?.(count)
  }

  /** Waits until it serves: a worker class never gets a call while the previous one is still running. */
  async drain(deadline: AbortSignal): Promise<void> {
    await Promise.race([this.#serving, aborted(deadline)])
    try {
      await this.#worker.drain(deadline)
    } catch (error) {
      this.#log.error('The worker class failed to drain', { error })
    }
  }

  /** Closes the worker class, then the app. Gives up shortly after `deadline`, or after the call if there is none. */
  close(deadline?: AbortSignal): Promise<void> {
    this.#closing ??= this.#close(deadline)
    return this.#closing
  }

  async #close(deadline: AbortSignal | undefined): Promise<void> {
    const isDone = await Promise.race([this.#endAll(), isLate(deadline)])
    if (!isDone) this.#log.warn('The app was not done with its end at the deadline')
  }

  async #endAll(): Promise<true> {
    await this.#attempt(() => this.#worker.close(), 'The worker class failed to close')
    await this.#attempt(this.#shutDown, 'The app failed to shut down')
    return true
  }

  async #attempt(act: () => unknown, failure: string): Promise<void> {
    try {
      await act()
    } catch (error) {
      this.#log.error(failure, { error })
    }
  }
}

async function isLate(deadline: AbortSignal | undefined): Promise<false> {
  const moment = new Promise<false>(resolve => setTimeout(resolve, closeMs, false).unref())
  if (deadline) await aborted(deadline)
  return moment
}

function aborted(signal: AbortSignal): Promise<void> {
  return signal.aborted ? Promise.resolve() : once(signal, 'abort').then(() => {})
}
