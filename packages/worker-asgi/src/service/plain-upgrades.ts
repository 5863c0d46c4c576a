/**
 * Requests with an `Upgrade` that the server does not know, such as `h2c`. A server may ignore it and answer as usual,
 * but a Node that does not ask (before 22.21 and 24.9) has let go of the parser by then. So the request is put back into
 * the socket without the upgrade, and read again by an HTTP server that knows of no upgrades.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

type RequestHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void> | undefined

interface Waiting {
  readonly original: IncomingMessage
  resolve(): void
  reject(error: unknown): void
}

/** The head was checked against the limits before. */
const maxHeaderSize = 16 * 1024 * 1024

export class PlainUpgrades {
  readonly #handler: RequestHandler
  readonly #waiting = new WeakMap<Duplex, Waiting>()
  #server: Server | undefined

  constructor(handler: RequestHandler) {
    this.#handler = handler
  }

  /** Serves the request and closes the connection after it. Rejects when the app fails. */
  serve(original: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.#server ??= this.#createServer()
    const server = this.#server
    return new Promise((resolve, reject) => {
      this.#waiting.set(socket, { original, resolve, reject })
      if (head.length > 0) socket.unshift(head)
      socket.unshift(Buffer.from(headOf(original), 'latin1'))
      server.emit('connection', socket)
    })
  }

  #createServer(): Server {
    const server = createServer({ maxHeaderSize, requireHostHeader: false })
    server.maxHeadersCount = 0
    const respond = (req: IncomingMessage, res: ServerResponse): void => this.#respond(req, res)
    return server.on('request', respond).on('checkContinue', respond)
  }

  #respond(req: IncomingMessage, res: ServerResponse): void {
    const waiting = this.#waiting.get(req.socket)
    // A second request on a connection that is to be closed.
    if (waiting === undefined) return
    this.#waiting.delete(req.socket)
    res.shouldKeepAlive = false
    // The app sees what the client has sent.
    req.rawHeaders = waiting.original.rawHeaders
    Promise.resolve(this.#handler(req, res)).then(waiting.resolve, waiting.reject)
  }
}

function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  let head = `${method} ${url} HTTP/${httpVersion}\r\n`
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (!/^(?:upgrade|connection)$/i.test(name)) head += `${name}: ${rawHeaders[index + 1]}\r\n`
  }
  return `${head}Connection: close\r\n\r\n`
}
