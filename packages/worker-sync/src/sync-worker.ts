/** A worker that accepts one connection, serves one request, and only then accepts the next. */
import type { RequestHead, Worker, WorkerContext, WorkerStats } from '@tunicorn/arbiter/worker'
import { HttpService, resolveHttpApp } from '@tunicorn/http'
import type { SyncOptions } from './options.js'
import { RequestWatch } from './request-watch.js'
import { SingleApp } from './single-app.js'

/** How long a client may take to read a response that the app has ended, before the worker asks to be replaced. */
const readMs = 1_000

export class SyncWorker implements Worker {
  readonly #context: WorkerContext<SyncOptions>
  readonly #watch: RequestWatch
  /** Cuts what is left. Follows the host's deadline once there is one. */
  readonly #deadline = new AbortController()
  #app: SingleApp | undefined
  #service: HttpService | undefined
  #drained: Promise<void> | undefined
  #readTimer: NodeJS.Timeout | undefined

  constructor(context: WorkerContext<SyncOptions>) {
    this.#context = context
    this.#watch = new RequestWatch(context, head => this.#timedOut(head))
  }

  async boot(): Promise<void> {
    const { app, listeners, log, outcomeDetails, settings } = this.#context
    const loaded = await app.load()
    // A process that ends after its request anyway can be replaced a little earlier at no cost.
    const isLast = settings.maxRequests === 1
    this.#app = new SingleApp(
      await resolveHttpApp(loaded, settings),
      settings.requestIdHeader,
      isLast ? () => this.#awaitReader() : undefined,
    )
    this.#service = new HttpService(this.#app, {
      listeners,
      log,
      // With a limit of one connection, the service pauses the listeners in the callback that accepts it. Others wait in the kernel.
      settings: { ...settings, keepAlive: 0, workerConnections: 1, maxConcurrency: 0 },
      beginRequest: head => this.#begin(head),
      refused: reason => this.#context.refused?.(reason),
      ...(outcomeDetails && { outcomeDetails }),
      allBegun: () => this.#context.allBegun?.(),
      retire: reason => this.#context.retire(reason),
    })
    this.#watch.start()
  }

  async serve(): Promise<void> {
    if (this.#service === undefined) throw new TypeError('`serve` was called before `boot` had ended')
    await this.#service.serve()
  }

  async drain(deadline: AbortSignal): Promise<void> {
    if (deadline.aborted) this.#deadline.abort()
    deadline.addEventListener('abort', () => this.#deadline.abort(), { once: true })
    await this.#stopAccepting()
  }

  async close(): Promise<void> {
    await this.#service?.close()
    clearTimeout(this.#readTimer)
    this.#watch.stop()
  }

  stats(): WorkerStats {
    return this.#service?.stats() ?? {}
  }

  #begin(head: RequestHead): ReturnType<RequestWatch['begin']> {
    const end = this.#watch.begin(head)
    return outcome => {
      clearTimeout(this.#readTimer)
      end(outcome)
    }
  }

  /** Takes effect at once; resolves when the connection is gone. The service drains once, however often this is called. */
  #stopAccepting(): Promise<void> {
    this.#drained ??= this.#service?.drain(this.#deadline.signal)
    return this.#drained ?? Promise.resolve()
  }

  /** A client that does not read delays this process, but not the requests that wait for a worker. */
  #awaitReader(): void {
    this.#readTimer = setTimeout(
      () => this.#context.retire('slow-client: the response is sent, and the client has not read it'),
      readMs,
    )
  }

  /** Called only if the event loop is free. If it is blocked, the arbiter notices that the heartbeat is missing. */
  #timedOut({ method, target }: RequestHead): void {
    const { log, settings } = this.#context
    const { timeout: seconds } = settings
    const phase = this.#app?.end()
    if (phase === undefined) return
    const fields = { method, target, seconds }
    if (phase === 'unread')
      return log.warn(
        `Cut after ${seconds} s: ${method} ${target}: the client did not read the response`,
        fields,
      )
    const message = `${method} ${target} took longer than the timeout of ${seconds} s`
    const isAnswered = phase === 'answered'
    this.#watch.judge({ type: 'failed', error: new Error(message), ...(isAnswered && { status: 504 }) })
    log.error(`WORKER TIMEOUT (pid:${process.pid}): ${message}`, fields)
    // What the app still does for this request must not affect the next one.
    void this.#stopAccepting()
    this.#context.retire(`timeout: ${message}`)
  }
}
