/**
 * Shows tracers the requests that come from no connection of an `http.Server`: HTTP/2 streams, and requests in a thread.
 * Tracers such as OpenTelemetry's see requests by patching `Server.prototype.emit`, and would miss these.
 */
import { EventEmitter } from 'node:events'
import { type IncomingMessage, Server, type ServerResponse } from 'node:http'

export class TracedServer {
  readonly #server = new Server()

  /** Calls `handler` and returns its result. If `emit` was patched, calls `handler` as a listener of a server. */
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
