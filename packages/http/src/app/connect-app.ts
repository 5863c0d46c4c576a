/** A `(req, res, next)` function as an app: the last handler of its chain. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isThenable } from '../is-thenable.js'
import type { NodeApp } from './node-app.js'

export type ConnectHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => unknown

/** `next()` answers 404. `next(error)` counts as an error thrown by the handler. */
export function connectApp(handler: ConnectHandler): NodeApp {
  return { request: (req, res) => new ConnectCall(req, res).run(handler) }
}

class ConnectCall {
  readonly #req: IncomingMessage
  readonly #res: ServerResponse
  #resolve: () => void = () => {}
  #reject: (error: unknown) => void = () => {}

  constructor(req: IncomingMessage, res: ServerResponse) {
    this.#req = req
    this.#res = res
  }

  /** Resolves when the response is over or the client has left. Until then the handler may still pass an error on. */
  run(handler: ConnectHandler): Promise<void> {
    return new Promise((resolve, reject) => {
      const { socket } = this.#req
      const over = (): void => {
        socket.off('close', over)
        resolve()
      }
      this.#resolve = over
      this.#reject = error => {
        socket.off('close', over)
        reject(error)
      }
      socket.once('close', over)
      this.#res.once('finish', over)
      this.#call(handler)
    })
  }

  #call(handler: ConnectHandler): void {
    try {
      const result = handler(this.#req, this.#res, error => this.#next(error))
      if (isThenable(result)) result.then(undefined, this.#reject)
    } catch (error) {
      this.#reject(error)
    }
  }

  #next(error: unknown): void {
    if (error != null) return this.#reject(error)
    const { url = '/' } = this.#req
    // The handler called `next` after it had answered.
    if (this.#res.headersSent) return this.#resolve()
    const path = url.replace(/[?#].*/s, '')
    this.#res.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end(`Not Found: ${path}\n`)
  }
}
