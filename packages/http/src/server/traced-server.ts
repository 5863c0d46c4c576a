/**
 * Requests that come from no connection of an `http.Server`: streams of HTTP/2, and requests in a thread. Tracers such as that
 * of OpenTelemetry see requests by patching `Server.prototype.emit`, and would see none of these.
 */
import { EventEmitter } from 'node:events'
import { type IncomingMessage, Server, type ServerResponse } from 'node:http'

export class TracedServer {
  readonly #server = new Server()

  /** Calls `handler` and returns its result. If `emit` was patched, calls it as a listener of a server. */
  call<Result>(req: IncomingMessage, res: ServerResponse, handler: () => Result): Result | undefined {
    if (this.#server.emit === EventEmitter.prototype.emit) return handler()
    let result: Result | undefined
    this.#server.once('request', () => {
      result = handler()
    })
    this.#server.emit('request', req, res)
    return result
  }
}
