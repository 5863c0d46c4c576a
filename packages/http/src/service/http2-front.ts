/** Directs connections of a server to HTTP/2 if they are to use it. */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { isEncrypted } from '../server/encrypted-socket.js'
import { Http2Connection, type Http2Parts } from './http2-connection.js'

const lookMs = 1_000

export class Http2Front {
  readonly #parts: Http2Parts
  #timer: NodeJS.Timeout | undefined

  constructor(parts: Http2Parts) {
    this.#parts = parts
  }

  /** For an encrypted server: the connections that agreed on HTTP/2 (ALPN). Call before others listen for `secureConnection`. */
  attachSecure(server: Server): void {
    // Node's own listener, which looks for HTTP/1.1 requests on every connection.
    const others = server.listeners('secureConnection')
    server.removeAllListeners('secureConnection')
    server.on('secureConnection', (socket: Socket) => {
      if (isEncrypted(socket) && socket.alpnProtocol === 'h2') return this.#accept(socket)
      for (const listener of others) Reflect.apply(listener, server, [socket])
    })
  }

  /** For a plain server: all connections. `track` adds a listener that tracks them and runs first. */
  attachPlain(server: Server, track: () => void): void {
    server.removeAllListeners('connection')
    track()
    server.on('connection', socket => this.#accept(socket))
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #accept(socket: Socket): void {
    new Http2Connection(socket, this.#parts)
    this.#timer ??= setInterval(() => this.#look(), lookMs).unref()
  }

  #look(): void {
    const nowMs = performance.now()
    for (const { multiplexed } of [...this.#parts.connections]) multiplexed?.look(nowMs)
  }
}
