/**
 * A server with a bounded number of connections. When it is full, the connection that has been idle the longest is closed:
 * a client that opens connections and sends no request cannot keep others out.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export function boundConnections(server: Server, most: number): void {
  const places = new Places(most)
  server.on('connection', socket => places.add(socket))
  server.on('request', ({ socket }, response) => {
    places.count(socket, 1)
    response.once('close', () => places.count(socket, -1))
  })
}

class Places {
  readonly #most: number
  /** How many answers each connection is waiting for. The connection whose count has not changed for longest comes first. */
  readonly #connections = new Map<Socket, number>()

  constructor(most: number) {
    this.#most = most
  }

  add(socket: Socket): void {
    if (this.#connections.size >= this.#most) {
      const idle = this.#longestIdle()
      if (!idle) return void socket.destroy()
      // Its `close` event may come after the next connection.
      this.#connections.delete(idle)
      idle.destroy()
    }
    this.#connections.set(socket, 0)
    socket.once('close', () => this.#connections.delete(socket))
  }

  count(socket: Socket, change: number): void {
    const requests = this.#connections.get(socket)
    if (requests === undefined) return
    this.#connections.delete(socket)
    this.#connections.set(socket, requests + change)
  }

  #longestIdle(): Socket | undefined {
    for (const [socket, requests] of this.#connections) if (requests === 0) return socket
    return undefined
  }
}
