/** The worker that a worker class has made, from the host's side: told one thing at a time, closed once, and never able to stop an end. */
import { once } from 'node:events'
import type { Logger } from '../contract/logger.js'
import type { Worker } from '../contract/worker-class.js'

/** How long a worker class may take to release what it holds. */
const closeMs = 1_500

export class HostedWorker {
  readonly #worker: Worker
  readonly #log: Logger
  #serving: Promise<void> | undefined
  #closing: Promise<void> | undefined

  constructor(worker: Worker, log: Logger) {
    this.#worker = worker
    this.#log = log
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

  /** Once it serves: a worker class is never told the next thing in the middle of the one before. */
  async drain(deadline: AbortSignal): Promise<void> {
    await Promise.race([this.#serving, aborted(deadline)])
    try {
      await this.#worker.drain(deadline)
    } catch (error) {
      this.#log.error('The worker class failed to drain', { error })
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    try {
      await Promise.race([this.#worker.close(), new Promise(resolve => setTimeout(resolve, closeMs).unref())])
    } catch (error) {
      this.#log.error('The worker class failed to close', { error })
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return signal.aborted ? Promise.resolve() : once(signal, 'abort').then(() => {})
}
