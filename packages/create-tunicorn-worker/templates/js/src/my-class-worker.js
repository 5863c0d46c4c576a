/** What runs in a worker process. The host calls each method at most once, in this order. */
import { HttpService, resolveHttpApp, wrapNodeApp } from '@tunicorn/http'

/** @implements {import('@tunicorn/arbiter/worker').Worker} */
export class MyClassWorker {
  #context
  /** @type {HttpService | undefined} */
  #service

  /** @param {import('@tunicorn/arbiter/worker').WorkerContext} context */
  constructor(context) {
    this.#context = context
  }

  /** Loads the app. Nothing is accepted yet; a rejection is a failed boot. */
  async boot() {
    const app = await resolveHttpApp(await this.#context.app.load(), this.#context.settings)
    this.#service = new HttpService(this.#around(app), this.#context)
  }

  /** Accepts connections. */
  async serve() {
    await this.#service?.serve()
  }

  /**
   * Stops accepting, lets requests in flight finish, and cuts what is left when the deadline aborts.
   *
   * @param {AbortSignal} deadline
   */
  async drain(deadline) {
    await this.#service?.drain(deadline)
  }

  /** Releases everything, so that the process can exit by itself. */
  async close() {
    await this.#service?.close()
  }

  stats() {
    return this.#service?.stats() ?? {}
  }

  /**
   * This worker holds more connections than the others: ends some of them after their next response.
   *
   * @param {number} connections
   */
  shed(connections) {
    this.#service?.shed(connections)
  }

  /**
   * This is where the class becomes yours: what happens between a connection and the app.
   *
   * @param {import('@tunicorn/http').NodeApp} app
   * @returns {import('@tunicorn/http').NodeApp}
   */
  #around(app) {
    // What is not named here stays the app's own: upgrades, `Expect`, its end.
    return wrapNodeApp(app, {
      request: (req, res) => app.request(req, res),
    })
  }
}
