/** The established connections of all servers of a worker, and the only place where exchanges begin. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { WorkerContext } from '@tunicorn/arbiter/worker'
import { Connection } from './connection.js'
import { Exchange, type ExchangeObserver } from './exchange.js'
import { NodeRequestHead } from './node-request-head.js'

/** What others want to hear of connections. Called synchronously. */
export interface ConnectionsObserver extends ExchangeObserver {
  /** A connection was opened or closed. */
  countChanged(): void
  /** The connection was closed with this exchange unfinished. Called before the exchange ends. */
  exchangeAbandoned(exchange: Exchange): void
}

/** Where the time and the accounting come from. */
export interface ConnectionsSource {
  readonly beginRequest: WorkerContext['beginRequest']
  /** Milliseconds; only differences count. */
  now(): number
}

export class Connections implements Iterable<Connection> {
  readonly #bySocket = new Map<Duplex, Connection>()
  readonly #source: ConnectionsSource
  readonly #observer: ConnectionsObserver

  constructor(source: ConnectionsSource, observer: ConnectionsObserver) {
    this.#source = source
    this.#observer = observer
  }

  get size(): number {
    return this.#bySocket.size
  }

  [Symbol.iterator](): Iterator<Connection> {
    return this.#bySocket.values()
  }

  /** Tracks a socket that was just accepted, until it is closed. */
  add(socket: Socket): void {
    const connection = new Connection(socket)
    this.#bySocket.set(socket, connection)
    socket.once('close', () => this.#remove(connection))
    this.#observer.countChanged()
  }

  /** The connection of a socket that was added. */
  of(socket: Duplex): Connection {
    const connection = this.#bySocket.get(socket)
    if (connection === undefined)
      throw new TypeError('This socket was not accepted by a server of this worker')
    return connection
  }

  /** Begins the exchange of a request; it ends when its response is finished or its connection is closed. */
  begin(connection: Connection, req: IncomingMessage, res?: ServerResponse): Exchange {
    const head = new NodeRequestHead(req, connection)
    const report = this.#source.beginRequest(head)
    const startedAtMs = this.#source.now()
    const exchange = new Exchange({
      connection,
      req,
      res,
      head,
      startedAtMs,
      report,
      observer: this.#observer,
    })
    connection.exchanges.push(exchange)
    // Said right after `finish`, which has a listener of Node's own: a second one there would cost every request more.
    res?.on('close', () => finish(exchange))
    return exchange
  }

  #remove(connection: Connection): void {
    this.#bySocket.delete(connection.socket)
    for (const exchange of [...connection.exchanges]) {
      this.#observer.exchangeAbandoned(exchange)
      exchange.end(isTunnelDone(exchange) ? 'sent' : 'aborted')
    }
    this.#observer.countChanged()
  }
}

/** Node also finishes a response when its socket is destroyed with a part of it still in the buffer. */
function finish(exchange: Exchange): void {
  const { socket } = exchange.connection
  if (socket.errored === null && (!socket.destroyed || socket.writableFinished)) exchange.end('sent')
}

/** An upgraded connection has no response to finish: it ends well when both sides ended it. */
function isTunnelDone(exchange: Exchange): boolean {
  const { socket } = exchange.connection
  return exchange.res === undefined && socket.writableFinished && socket.errored === null
}
