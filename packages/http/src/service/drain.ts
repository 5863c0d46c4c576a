/** The end of a worker's life on the network: finish what was begun, serve what still arrives, reset nobody. */

import type { Server } from 'node:http'
import type { Logger } from '@tunicorn/arbiter/worker'
import { Drain as OpenDrain, peerOf } from '@tunicorn/net'
import type { Connections } from './connections.js'
import type { ExchangeConnection } from './exchange.js'
import { fieldsOf, nameOf } from './request-name.js'

export interface DrainParts {
  readonly connections: Connections
  readonly servers: readonly Server[]
  readonly log: Logger
  /** How long idle connections stay open, so that a client that is about to use one gets an answer. */
  readonly lingerMs: number
  /** No further request will begin. May be called more than once. */
  allBegun(): void
  /** The last request is done. Connections that the app has taken over may be left: it is to end them. Called once. */
  requestsDone(): void
}

/** Begins when the listeners are paused. Every response that is headed from then on closes its connection. */
export class Drain {
  readonly #parts: DrainParts
  readonly #drain: OpenDrain
  #isWaitingForFlush = false
  #isTold = false

  constructor(parts: DrainParts) {
    const { connections, lingerMs } = parts
    this.#parts = parts
    this.#drain = new OpenDrain({
      connections,
      lingerMs,
      closeIdle: () => this.#closeIdle(),
      cutAll: () => this.#cutAll(),
    })
  }

  /** Resolves when no connection is left. When `deadline` aborts, the rest is cut. */
  run(deadline: AbortSignal): Promise<void> {
    const { connections } = this.#parts
    for (const { exchanges, leftover, multiplexed } of connections) {
      leftover?.drain()
      multiplexed?.announce()
      for (const exchange of exchanges) exchange.closes = true
    }
    // Told of it, the app may end them all.
    if (connections.size > 0) this.#tellWhenDone()
    return this.#drain.run(deadline)
  }

  /** A connection was closed. */
  countChanged(): void {
    if (!this.#drain.isRunning) return
    this.#drain.countChanged()
    if (this.#drain.isRunning) this.#tellWhenDone()
  }

  #tellWhenDone(): void {
    if (this.#isTold || ![...this.#parts.connections].every(isTunnel)) return
    this.#isTold = true
    this.#parts.allBegun()
    this.#parts.requestsDone()
  }

  /** A response that was headed before the drain has left its connection open: it deserves a linger of its own. */
  exchangeEnded(connection: ExchangeConnection): void {
    if (!this.#drain.isRunning) return
    if (!connection.isClosing) this.#drain.linger()
    else if (this.#isWaitingForFlush) this.#drain.closeIdleSoon()
  }

  #closeIdle(): void {
    const connections = [...this.#parts.connections]
    for (const { isFresh, multiplexed, socket } of connections) {
      // What the client is about to ask it may then ask again.
      if (multiplexed) multiplexed.end()
      else if (isFresh) socket.destroy()
    }
    // Node takes a connection for idle as soon as its response is ended, even when a slow client has not read it all, and
    // closes all that are idle or none. Those between two requests are served until then.
    this.#isWaitingForFlush = connections.some(({ exchanges }) =>
      exchanges.some(exchange => exchange.isFlushing),
    )
    if (this.#isWaitingForFlush) return
    // Node knows which connections are between two requests, and which have sent a part of the next one.
    for (const server of this.#parts.servers) server.closeIdleConnections()
    this.#parts.allBegun()
  }

  #cutAll(): void {
    const { connections, servers, log } = this.#parts
    const streams = [...connections].flatMap(({ multiplexed }) => [...(multiplexed?.streams ?? [])])
    for (const { socket, exchanges, leftover } of [...connections, ...streams]) {
      const heads = exchanges.map(({ head }) => head)
      for (const head of leftover === undefined ? heads : [leftover.head, ...heads])
        log.warn(`Cut at the deadline of the drain: ${nameOf(head)}`, fieldsOf(head))
      if (exchanges.length > 0 || leftover !== undefined) socket.destroy()
    }
    // What is idle is nobody's loss. What is left has begun a request that nobody has seen.
    for (const server of servers) server.closeIdleConnections()
    for (const { socket, isClosing, isFresh, isSecuring, multiplexed } of [...connections]) {
      if (socket.destroyed) continue
      const peer = peerOf(socket)
      if (!isClosing && !isFresh && !isSecuring && !multiplexed)
        log.warn(`Cut at the deadline of the drain: a part of a request, from ${peer}`, { peer })
      socket.destroy()
    }
  }
}

/** The app has the socket, as that of a WebSocket. */
function isTunnel({ exchanges }: ExchangeConnection): boolean {
  return exchanges.length > 0 && exchanges.every(({ res }) => res === undefined)
}
