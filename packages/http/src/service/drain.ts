/** Ends a worker's life on the network: finishes what has begun, serves what still arrives, and resets no connection. */

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
  /** How long idle connections stay open, so that a client that is about to use one still gets an answer. */
  readonly lingerMs: number
  /** No new request will begin. May be called more than once. */
  allBegun(): void
  /** The last request is done. The app must now end any connections that it has taken over. Called once. */
  requestsDone(): void
}

/** Begins when the listeners are paused. From then on, every response whose head is written closes its connection. */
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
    // The app may end all its connections when it is told.
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

  /** A response whose head was written before the drain left its connection open. The connection deserves a linger of its own. */
  exchangeEnded(connection: ExchangeConnection): void {
    if (!this.#drain.isRunning) return
    if (!connection.isClosing) this.#drain.linger()
    else if (this.#isWaitingForFlush) this.#drain.closeIdleSoon()
  }

  #closeIdle(): void {
    const connections = [...this.#parts.connections]
    for (const { isFresh, multiplexed, socket } of connections) {
      // A client that is about to send a request can then send it again.
      if (multiplexed) multiplexed.end()
      else if (isFresh) socket.destroy()
    }
    // Node considers a connection idle as soon as its response has ended, even if a slow client has not read all of it. It can
    // only close all idle connections or none. Until then, connections between two requests continue to be served.
    this.#isWaitingForFlush = connections.some(({ exchanges }) =>
      exchanges.some(exchange => exchange.isFlushing),
    )
    if (this.#isWaitingForFlush) return
    // Node knows which connections are between two requests, and which have received a part of the next one.
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
    // Closing idle connections loses nothing. The rest have begun a request that the app has not seen.
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

/** The app has taken over the socket, as for a WebSocket. */
function isTunnel({ exchanges }: ExchangeConnection): boolean {
  return exchanges.length > 0 && exchanges.every(({ res }) => res === undefined)
}
