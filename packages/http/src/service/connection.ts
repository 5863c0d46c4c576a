/** An established connection and the exchanges on it. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Connection as OpenConnection } from '@tunicorn/net'
import type { ProxiedPeer } from '../proxy-protocol/prefix.js'
import { takePeer } from '../proxy-protocol/take-peer.js'
import type { Exchange, ExchangeConnection, UnreadBody } from './exchange.js'

/** The property of a socket that holds its connection. It is read for every request, and a map would be slower. */
const key: unique symbol = Symbol('tunicorn.connection')

/** A connection that carries many requests at once. */
export interface Multiplexed {
  /** Each stream counts as a connection of its own. */
  readonly streams: ReadonlySet<Connection>
  /** Tells the client that the connection will end. Requests that are already on their way are still served. */
  announce(): void
  /** Finishes what has begun, then closes the connection. Nothing new begins. */
  end(): void
  /** `announce`, then `end` after the client has had some time. */
  leave(): void
  /** Called at intervals, to check timeouts. */
  look(nowMs: number): void
}

/** Something that waits for the previous responses. */
interface Turn {
  turn: (() => void) | undefined
}

type Tracked = Socket & { [key]?: Connection }

export class Connection extends OpenConnection<Exchange> implements ExchangeConnection {
  /** It arrived at an encrypted listener, and its handshake is not over. */
  isSecuring = false
  /** Its proxy has not yet said for whom it speaks. */
  awaitsPrefix = false
  isRefused = false
  /** A request that will be read a second time: see `put-back.ts`. */
  putBack: IncomingMessage | undefined = undefined
  leftover: UnreadBody | undefined = undefined
  /** Set for an HTTP/2 connection. */
  multiplexed: Multiplexed | undefined = undefined
  /** Called when no exchange is left. */
  turn: (() => void) | undefined = undefined
  /** Bytes of the proxy's prefix, which came before those of the client. */
  private prefixBytes = 0
  private peer: ProxiedPeer | undefined = undefined

  constructor(socket: Socket) {
    super(socket)
    this.#mark(socket)
  }

  /** The handshake is over: from now on, requests come from this socket. */
  secured(socket: Socket): void {
    this.isSecuring = false
    this.socket = socket
    if (this.peer !== undefined) takePeer(socket, this.peer)
    this.#mark(socket)
  }

  /** The proxy's prefix was read. `peer` is the client, if the prefix names one. */
  prefixed(bytes: number, peer: ProxiedPeer | undefined): void {
    this.awaitsPrefix = false
    this.prefixBytes = bytes
    this.peer = peer
    if (peer !== undefined) takePeer(this.socket, peer)
  }

  #mark(tracked: Tracked): void {
    tracked[key] = this
  }

  /** The connection of a socket, if a server of this worker accepted it. */
  static of(socket: object): Connection | undefined {
    return key in socket && socket[key] instanceof Connection ? socket[key] : undefined
  }

  /** Nothing of a request was ever read from the connection. */
  get isFresh(): boolean {
    return this.awaitsPrefix || this.socket.bytesRead === this.prefixBytes
  }

  override add(exchange: Exchange): void {
    // A growing array reserves room for many more items, which each of many idle tunnels would keep.
    if (exchange.res === undefined && this.exchanges.length === 0) this.exchanges = [exchange]
    else super.add(exchange)
  }

  override delete(exchange: Exchange): void {
    super.delete(exchange)
    const next = this.exchanges.length === 0 ? this : this.exchanges[0]
    if (next?.turn !== undefined) this.takeTurn(next)
  }

  /** Runs after Node has finished its work on the previous response. */
  private takeTurn(next: Turn): void {
    const { turn } = next
    next.turn = undefined
    process.nextTick(() => {
      // Not writable: the previous response was the last one.
      if (this.socket.writable) turn?.()
    })
  }
}
