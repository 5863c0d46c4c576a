/** What runs in a worker process. The host calls each method at most once, in this order. */
import type { Worker, WorkerContext, WorkerStats } from '@tunicorn/arbiter/worker'
import { HttpService, type NodeApp, resolveHttpApp, wrapNodeApp } from '@tunicorn/http'

export class MyClassWorker implements Worker {
  readonly #context: WorkerContext
  #service: HttpService | undefined

  constructor(context: WorkerContext) {
    this.#context = context
  }

  /** Loads the app. Nothing is accepted yet; a rejection is a failed boot. */
  async boot(): Promise<void> {
    const app = await resolveHttpApp(await this.#context.app.load(), this.#context.settings)
    this.#service = new HttpService(this.#around(app), this.#context)
  }

  /** Accepts connections. */
  async serve(): Promise<void> {
    await this.#service?.serve()
  }

  /** Stops accepting, lets requests in flight finish, and cuts what is left when the deadline aborts. */
  async drain(deadline: AbortSignal): Promise<void> {
    await this.#service?.drain(deadline)
  }

  /** Releases everything, so that the process can exit by itself. */
  async close(): Promise<void> {
    await this.#service?.close()
  }

  stats(): WorkerStats {
    return this.#service?.stats() ?? {}
  }

  /** This worker holds more connections than the others: ends some of them after their next response. */
  shed(connections: number): void {
    this.#service?.shed(connections)
  }

  /** This is where the class becomes yours: what happens between a connection and the app. */
  #around(app: NodeApp): NodeApp {
    // What is not named here stays the app's own: upgrades, `Expect`, its end.
    return wrapNodeApp(app, {
      request: (req, res) => app.request(req, res),
    })
  }
}
