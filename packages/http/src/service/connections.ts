/** The established connections of all servers of a worker. Exchanges begin and end only here. */

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ConnectionSet, type ExchangeSource } from '@tunicorn/net'
import { rawSocketOf } from '../server/raw-socket.js'
import { refuseSocket } from '../server/refuse.js'
import { resetBroken } from '../server/reset-broken.js'
import { Connection } from './connection.js'
import { Exchange, type ExchangeObserver } from './exchange.js'
import { KeptFields } from './kept-fields.js'
import { NodeRequestHead } from './node-request-head.js'
import type { RequestIds } from './request-ids.js'

/** Observes connections. Called synchronously. */
export interface ConnectionsObserver extends ExchangeObserver {
  /** A connection was opened or closed. */
  countChanged(): void
  /** A handshake is over. */
  connectionSecured(connection: Connection): void
  /** The connection was closed before this exchange was finished. Called before the exchange ends. */
  exchangeAbandoned(exchange: Exchange): void
}

/**
 * Node publishes every response of the process here once the socket has taken the last of it. A listener on each response
 * would make every request cost more, and a hook in the prototype of responses is lost if a framework replaces it.
 */
const finishChannel = 'http.server.response.finish'

/** Shared by all sockets. */
const destroy = resetBroken(socket => Connection.of(socket)?.exchanges[0]?.res)

export class Connections implements Iterable<Connection> {
  readonly #all = new ConnectionSet<Connection>()
  readonly #source: ExchangeSource
  readonly #observer: ConnectionsObserver
  readonly #ids: RequestIds | undefined
  /** Shared by all sockets. */
  readonly #socketClosed: (this: Socket) => void
  readonly #responseFinished = (message: unknown): void => finish(message)

  /** Without `ids`, requests have no ids. */
  constructor(source: ExchangeSource, observer: ConnectionsObserver, ids?: RequestIds) {
    this.#source = source
    this.#observer = observer
    this.#ids = ids
    const remove = (socket: Socket): void => this.#remove(socket)
    this.#socketClosed = function () {
      remove(this)
    }
  }

  get size(): number {
    return this.#all.size
  }

  /** No connection may be closed during the iteration. Code that closes connections iterates over a copy. */
  [Symbol.iterator](): Iterator<Connection> {
    return this.#all[Symbol.iterator]()
  }

  /** Called before the first connection. */
  open(): void {
    subscribe(finishChannel, this.#responseFinished)
  }

  /** Called after the last connection. Idempotent. */
  close(): void {
    unsubscribe(finishChannel, this.#responseFinished)
  }

  /** Tracks a newly accepted socket until it closes. */
  add(socket: Socket): void {
    // The socket comes a second time when a request was put back.
    if (Connection.of(socket) !== undefined) return
    this.#all.add(new Connection(socket))
    socket.on('close', this.#socketClosed)
    socket._destroy = destroy
    this.#observer.countChanged()
  }

  /** Adds an HTTP/2 stream until its socket closes. It is a connection for a single request, and is not counted. */
  addStream(socket: Socket): Connection {
    const connection = new Connection(socket)
    socket.once('close', () => this.#abandon(connection))
    return connection
  }

  /** Tracks a newly accepted socket whose handshake has yet to finish. */
  addSecuring(raw: Socket): void {
    this.add(raw)
    this.of(raw).isSecuring = true
  }

  /** The handshake of a connection is over. */
  secured(socket: Socket): void {
    const raw = rawSocketOf(socket)
    const connection = raw === undefined ? undefined : Connection.of(raw)
    if (raw === undefined || connection === undefined)
      throw new TypeError('The socket under an encrypted one was not accepted by a server of this worker')
    raw.off('close', this.#socketClosed)
    connection.secured(socket)
    socket.on('close', this.#socketClosed)
    socket._destroy = destroy
    this.#observer.connectionSecured(connection)
  }

  /** The connection of a socket, if it was added. */
  find(socket: Duplex): Connection | undefined {
    return Connection.of(socket)
  }

  /** The connection of a socket that was added. */
  of(socket: Duplex): Connection {
    const connection = Connection.of(socket)
    if (connection === undefined)
      throw new TypeError('This socket was not accepted by a server of this worker')
    return connection
  }

  /** Begins the exchange of a request. It ends when its response is finished or its connection is closed. */
  begin(connection: Connection, req: IncomingMessage, res?: ServerResponse): Exchange {
    // A new request means that the previous body has ended, whether or not the app has read it.
    connection.leftover?.close()
    // A tunnel may last for days, and must not keep its request in memory.
    const head = new NodeRequestHead(req, connection, res === undefined ? new KeptFields(req) : req)
    if (this.#ids !== undefined) head.id = this.#ids.idOf(req, connection.socket.remoteAddress)
    return new Exchange({ connection, head, res }, this.#source, this.#observer)
  }

  /** Answers a request whose head could not be read, and records it. `id`: that of the request, if requests have ids. */
  answerBroken({ socket }: Connection, status: number, id: string | undefined): void {
    refuseSocket(socket, status, id === undefined ? {} : this.#ids?.fieldOf(id))
    const head = { method: '-', target: '-', remoteAddress: socket.remoteAddress }
    this.#source.beginRequest(id === undefined ? head : { ...head, id })({ type: 'sent', status })
  }

  #remove(socket: Socket): void {
    const connection = this.of(socket)
    this.#all.delete(connection)
    connection.leftover?.close()
    this.#abandon(connection)
    this.#observer.countChanged()
  }

  #abandon({ exchanges }: Connection): void {
    for (const exchange of [...exchanges]) {
      this.#observer.exchangeAbandoned(exchange)
      exchange.end(isTunnelDone(exchange) ? 'sent' : 'aborted')
    }
  }
}

/** Also called for the app's own servers, and for responses that are not part of an exchange. */
function finish(message: unknown): void {
  if (!isFinish(message)) return
  const exchange = Connection.of(message.socket)?.exchanges[0]
  if (exchange === undefined || exchange.res !== message.response) return
  const { socket } = exchange.connection
  // Node also finishes a response when its socket is destroyed with a part of the response still in the buffer.
  if (socket.errored === null && (!socket.destroyed || socket.writableFinished))
    exchange.finish(message.request)
}

interface Finish {
  readonly socket: object
  readonly response: unknown
  readonly request: IncomingMessage
}

/** The remaining properties are as Node documents them for this channel. */
function isFinish(message: unknown): message is Finish {
  if (typeof message !== 'object' || message === null) return false
  return (
    'response' in message &&
    'request' in message &&
    'socket' in message &&
    typeof message.socket === 'object' &&
    message.socket !== null
  )
}

/** An upgraded connection has no response to finish. It ends well when both sides have ended it. */
function isTunnelDone(exchange: Exchange): boolean {
  const { socket } = exchange.connection
  return exchange.res === undefined && socket.writableFinished && socket.errored === null
}
