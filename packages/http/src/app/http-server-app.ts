/** An `http.Server` without an open port as an app. Its listeners are called as they would be for its own connections. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { adoptedServer, emitClose } from '@tunicorn/arbiter/worker'
import type { ExchangeHandler, NodeApp, TunnelHandler } from './node-app.js'

/** Serves only the events that the server has listeners for at the time. */
export class HttpServerApp implements NodeApp {
  readonly #server: Server
  #closing: Promise<void> | undefined

  constructor(server: Server) {
    this.#server = server
  }

  request(req: IncomingMessage, res: ServerResponse): unknown {
    if (this.#server.listenerCount('request') === 0)
      throw new Error('The http.Server has no `request` listener')
    return this.#call('request', [req, res])
  }

  get upgrade(): TunnelHandler | undefined {
    return this.#handler('upgrade')
  }

  get connect(): TunnelHandler | undefined {
    return this.#handler('connect')
  }

  get checkContinue(): ExchangeHandler | undefined {
    return this.#handler('checkContinue')
  }

  get checkExpectation(): ExchangeHandler | undefined {
    return this.#handler('checkExpectation')
  }

  watchUpgrade(changed: (hasHandler: boolean) => void): void {
    this.#server.on('newListener', event => {
      if (event === 'upgrade') changed(true)
    })
    this.#server.on('removeListener', event => {
      if (event === 'upgrade') changed(this.#server.listenerCount('upgrade') > 0)
    })
  }

  requestsDone(): void {
    void HttpServerApp.prototype.close.call(this)
  }

  /** Whatever is attached to the server, such as a WebSocket server, stops on its `close` event. Resolves when all of it is done. */
  close(): Promise<void> {
    this.#closing ??= adoptedServer(this.#server)?.end() ?? emitClose(this.#server)
    return this.#closing
  }

  #handler(event: string): ((...args: unknown[]) => unknown) | undefined {
    return this.#server.listenerCount(event) > 0 ? (...args) => this.#call(event, args) : undefined
  }

  /** `emit` would lose the promise of an async listener, and its error with it. */
  #call(event: string, args: unknown[]): unknown {
    const results = this.#server
      .rawListeners(event)
      .map(listener => Reflect.apply(listener, this.#server, args))
    return results.length === 1 ? results[0] : Promise.all(results)
  }
}
