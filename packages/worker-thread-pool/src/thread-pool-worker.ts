/** A worker that parses HTTP on its event loop and runs the handlers in threads. */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Worker, WorkerContext, WorkerStats } from '@tunicorn/arbiter/worker'
import { HttpService, type NodeApp, resolveHttpApp } from '@tunicorn/http'
import { listenerFailed } from '@tunicorn/net'
import { GatedListener } from './admission/gated-listener.js'
import { PathRoutes } from './admission/path-routes.js'
import { appKinds } from './app-kinds.js'
import type { ThreadPoolOptions } from './pool/options.js'
import { ThreadPool, type ThreadPoolParts } from './pool/thread-pool.js'
import { traceContext } from './pool/trace-context.js'

/** The least time that the app in a thread gets to end. */
const minStopMs = 2_000
/** The most time that a handler gets to stop after it has exceeded the timeout. */
const maxGraceMs = 2_000

export class ThreadPoolWorker implements Worker {
  readonly #context: WorkerContext<ThreadPoolOptions>
  readonly #routes: PathRoutes
  readonly #listeners: readonly GatedListener[]
  #pool: ThreadPool | undefined
  #service: HttpService | undefined
  #endBroadcasts: (() => void) | undefined
  #deadline: AbortSignal | undefined

  constructor(context: WorkerContext<ThreadPoolOptions>) {
    this.#context = context
    this.#routes = new PathRoutes(context.options.threadPaths, context.options.loopPaths)
    this.#listeners = context.listeners.map(listener => new GatedListener(listener, listenerFailed(context)))
  }

  async boot(): Promise<void> {
    const pool = createPool(this.#context, {
      withContext: await traceContext(),
      roomChanged: hasRoom => this.#roomChanged(hasRoom),
      refuse: (res, limit) => this.#service?.refuseOverload(res, limit),
    })
    this.#pool = pool
    await pool.start()
    this.#endBroadcasts = this.#context.onBroadcast?.(data => pool.hear(JSON.stringify(data)))
    // If the app runs on the event loop too, it reports there that it is ready.
    if (!this.#routes.needsLoop) this.#context.appReady?.()
    const app = this.#appOf(pool, await this.#loopApp())
    const context = this.#context
    this.#service = new HttpService(app, {
      // These include the pool's gate.
      listeners: this.#listeners,
      // Requests on the event loop wait for no thread, and those for threads wait in the pool.
      settings: { ...context.settings, maxConcurrency: 0 },
      log: context.log,
      beginRequest: head => context.beginRequest(head),
      refused: reason => context.refused?.(reason),
      ...(context.outcomeDetails && { outcomeDetails: context.outcomeDetails }),
      allBegun: () => context.allBegun?.(),
      retire: reason => context.retire(reason),
    })
  }

  async serve(): Promise<void> {
    if (this.#service === undefined) throw new TypeError('`serve` was called before `boot` had ended')
    await this.#service.serve()
  }

  async drain(deadline: AbortSignal): Promise<void> {
    this.#deadline = deadline
    await this.#service?.drain(deadline)
  }

  async close(): Promise<void> {
    this.#endBroadcasts?.()
    await this.#service?.close()
    await this.#pool?.close(this.#deadline)
  }

  stats(): WorkerStats {
    return { ...this.#service?.stats(), ...this.#pool?.stats() }
  }

  shed(connections: number): void {
    this.#service?.shed(connections)
  }

  /** The app on the event loop. It is loaded only if some path is to run there. */
  async #loopApp(): Promise<NodeApp | undefined> {
    if (!this.#routes.needsLoop) return undefined
    return await resolveHttpApp(await this.#context.app.load(), this.#context.settings)
  }

  #appOf(pool: ThreadPool, loopApp: NodeApp | undefined): NodeApp {
    if (loopApp === undefined) return { request: (req, res) => pool.run(req, res) }
    return {
      request: (req, res) =>
        this.#routes.isLoop(req.url ?? '/') ? loopApp.request(req, res) : pool.run(req, res),
      close: () => loopApp.close?.(),
    }
  }

  #roomChanged(hasRoom: boolean): void {
    for (const listener of this.#listeners) listener.isOpen = hasRoom
  }
}

function createPool(
  context: WorkerContext<ThreadPoolOptions>,
  parts: Pick<ThreadPoolParts, 'withContext' | 'refuse' | 'roomChanged'>,
): ThreadPool {
  const { app, settings, options, log } = context
  const timeoutMs = settings.timeout * 1000
  return new ThreadPool({
    init: {
      app: {
        url: app.url,
        exportName: app.exportName,
        kind: app.kind,
        specifier: fileURLToPath(app.url),
        workerClass: 'thread-pool',
      },
      appKinds,
      forwarded: {
        forwardedAllowIps: settings.forwardedAllowIps,
        forwardedHeaders: settings.forwardedHeaders,
      },
      waitReady: settings.waitReady,
      patienceMs: app.adoption?.patienceMs,
    },
    adoption: app.adoption,
    threadUrl: new URL('./thread-entry.cjs', import.meta.url),
    threads: options.threads ?? Math.max(1, availableParallelism()),
    concurrency: options.concurrency,
    queue: settings,
    times: { timeoutMs, graceMs: Math.min(maxGraceMs, timeoutMs) },
    limits: {
      maxRequests: options.maxRequestsPerThread,
      maxAgeMs: options.maxThreadAge * 1000,
      bootMs: settings.bootTimeout * 1000,
      stopMs: Math.max(minStopMs, settings.gracefulTimeout * 1000),
    },
    resourceLimits: options.resourceLimits,
    broadcasts: {
      group: context.group,
      send: (data, to) => context.broadcast?.(data, to),
    },
    log,
    ...parts,
    broken: reason => context.retire(reason),
    now: () => performance.now(),
  })
}
