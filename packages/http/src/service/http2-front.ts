/** Gives the connections of a server to HTTP/2 that are to speak it. */
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

  /** Of an encrypted server: those that have agreed on it (ALPN). Before others listen for `secureConnection`. */
  attachSecure(server: Server): void {
    // Node's own, which looks for requests of HTTP/1.1 in every connection.
    const others = server.listeners('secureConnection')
    server.removeAllListeners('secureConnection')
    server.on('secureConnection', (socket: Socket) => {
      if (isEncrypted(socket) && socket.alpnProtocol === 'h2') return this.#accept(socket)
      for (const listener of others) Reflect.apply(listener, server, [socket])
    })
  }

  /** Of a plain server: all. Its connections are tracked by a listener that comes before. */
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
