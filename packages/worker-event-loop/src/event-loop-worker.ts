/** A worker whose app runs on the event loop that accepts the connections. */
import type { Worker, WorkerContext, WorkerStats } from '@tunicorn/arbiter/worker'
import { HttpService, resolveHttpApp } from '@tunicorn/http'

export class EventLoopWorker implements Worker {
  readonly #context: WorkerContext
  #service: HttpService | undefined

  constructor(context: WorkerContext) {
    this.#context = context
  }

  async boot(): Promise<void> {
    const loaded = await this.#context.app.load()
    const app = await resolveHttpApp(loaded, this.#context.settings)
    this.#service = new HttpService(app, this.#context)
  }

  async serve(): Promise<void> {
    if (this.#service === undefined) throw new TypeError('`serve` was called before `boot` had ended')
    await this.#service.serve()
  }

  async drain(deadline: AbortSignal): Promise<void> {
    await this.#service?.drain(deadline)
  }

  async close(): Promise<void> {
    await this.#service?.close()
  }

  stats(): WorkerStats {
    return this.#service?.stats() ?? {}
  }

  shed(connections: number): void {
    this.#service?.shed(connections)
  }
}
