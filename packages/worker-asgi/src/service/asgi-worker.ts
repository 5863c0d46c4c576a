/** A worker for ASGI apps: the lifespan wraps the HTTP service, and WebSockets are served alongside it. */

import {
  describeValue,
  TunicornError,
  type Worker,
  type WorkerContext,
  type WorkerStats,
} from '@tunicorn/arbiter/worker'
import { HttpService } from '@tunicorn/http'
import { Lifespan } from '../lifespan/lifespan.js'
import type { App } from '../protocol/app.js'
import type { AsgiOptions } from '../runtime/options.js'
import { Runtime } from '../runtime/runtime.js'
import { WebSockets } from '../websocket/websockets.js'
import { AsgiNodeApp } from './asgi-node-app.js'

/** How long the shutdown of the app may take after the graceful timeout is over. */
const lateShutdownMs = 1000

export class AsgiWorker implements Worker {
  readonly #context: WorkerContext<AsgiOptions>
  #runtime: Runtime | undefined
  #lifespan: Lifespan | undefined
  #webSockets: WebSockets | undefined
  #service: HttpService | undefined

  constructor(context: WorkerContext<AsgiOptions>) {
    this.#context = context
  }

  async boot(): Promise<void> {
    const context = this.#context
    const { value } = await context.app.load()
    if (!isApp(value))
      throw new TunicornError(
        'APP_NOT_USABLE',
        `Expected an app of kind "asgi" to be an async (scope, receive, send) function, got ${describeValue(value)}`,
      )
    const runtime = new Runtime(value, context)
    const webSockets = new WebSockets(context.options)
    this.#runtime = runtime
    this.#webSockets = webSockets
    this.#lifespan = new Lifespan(value, context.options, context.log)
    runtime.state = await this.#lifespan.start()
    this.#service = new HttpService(new AsgiNodeApp(runtime, webSockets), context)
  }

  async serve(): Promise<void> {
    if (this.#service === undefined) throw new TypeError('`serve` was called before `boot` had ended')
    await this.#service.serve()
  }

  async drain(deadline: AbortSignal): Promise<void> {
    // Comes first, so that apps end what would not end by itself.
    this.#runtime?.drain()
    const drained = this.#service?.drain(deadline)
    this.#webSockets?.stop()
    await drained
    await this.#finishTasks(deadline)
    await this.#shutDown(deadline)
  }

  async close(): Promise<void> {
    this.#runtime?.drain()
    await this.#service?.close()
    await this.#lifespan?.stop()
  }

  stats(): WorkerStats {
    const stats = this.#service?.stats()
    const own = { webSockets: this.#webSockets?.size ?? 0, appCalls: this.#runtime?.tasks.calls ?? 0 }
    return { ...stats, gauges: { ...stats?.gauges, ...own } }
  }

  shed(connections: number): void {
    this.#service?.shed(connections)
  }

  /** Waits for work that continues after its response, until the deadline at most. */
  async #finishTasks(deadline: AbortSignal): Promise<void> {
    const tasks = this.#runtime?.tasks
    if (tasks === undefined || (await tasks.idle(deadline))) return
    this.#context.log.error(`Cancel ${tasks.size} running task(s), timeout graceful shutdown exceeded`)
  }

  async #shutDown(deadline: AbortSignal): Promise<void> {
    const limit = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const expire = (): void => {
      timer = setTimeout(() => limit.abort(), lateShutdownMs)
    }
    if (deadline.aborted) expire()
    else deadline.addEventListener('abort', expire, { once: true })
    await this.#lifespan?.stop(limit.signal)
    deadline.removeEventListener('abort', expire)
    clearTimeout(timer)
  }
}

function isApp(value: unknown): value is App {
  return typeof value === 'function'
}
