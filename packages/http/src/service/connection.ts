/** An established connection and the exchanges on it. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Connection as OpenConnection } from '@tunicorn/net'
import type { ProxiedPeer } from '../proxy-protocol/prefix.js'
import { takePeer } from '../proxy-protocol/take-peer.js'
import type { Exchange, ExchangeConnection, UnreadBody } from './exchange.js'

/** Where a socket keeps its connection: looked up for every request, which a map would make slower. */
const key: unique symbol = Symbol('tunicorn.connection')

/** A connection on which many requests come at once. */
export interface Multiplexed {
  /** Each as a connection of its own. */
  readonly streams: ReadonlySet<Connection>
  /** The client is told that the connection will end, and may still send what it is about to. */
  announce(): void
  /** What has begun is finished, then the connection is closed. Nothing more is begun. */
  end(): void
  /** `announce`, and `end` when the client has had time. */
  leave(): void
  /** Time has passed. */
  look(nowMs: number): void
}

/** Something that waits for the responses before it. */
interface Turn {
  turn: (() => void) | undefined
}

type Tracked = Socket & { [key]?: Connection }

export class Connection extends OpenConnection<Exchange> implements ExchangeConnection {
  /** It came at an encrypted listener, and its handshake is not over. */
  isSecuring = false
  /** Its proxy has not said for whom it speaks. */
  awaitsPrefix = false
  isRefused = false
  /** A request that is read a second time: see `put-back.ts`. */
  putBack: IncomingMessage | undefined = undefined
  leftover: UnreadBody | undefined = undefined
  /** It is one of HTTP/2. */
  multiplexed: Multiplexed | undefined = undefined
  /** What comes when no exchange is left. */
  turn: (() => void) | undefined = undefined
  /** Of its proxy, before anything of a client. */
  private prefixBytes = 0
  private peer: ProxiedPeer | undefined = undefined

  constructor(socket: Socket) {
    super(socket)
    this.#mark(socket)
  }

  /** The handshake is over: requests come from this socket from now on. */
  secured(socket: Socket): void {
    this.isSecuring = false
    this.socket = socket
    if (this.peer !== undefined) takePeer(socket, this.peer)
    this.#mark(socket)
  }

  /** Its proxy has said for whom it speaks, if it has. */
  prefixed(bytes: number, peer: ProxiedPeer | undefined): void {
    this.awaitsPrefix = false
    this.prefixBytes = bytes
    this.peer = peer
    if (peer !== undefined) takePeer(this.socket, peer)
  }

  #mark(tracked: Tracked): void {
    tracked[key] = this
  }

  /** The connection of a socket, if it was accepted by a server of this worker. */
  static of(socket: object): Connection | undefined {
    return key in socket && socket[key] instanceof Connection ? socket[key] : undefined
  }

  /** Nothing of a request was ever read from it. */
  get isFresh(): boolean {
    return this.awaitsPrefix || this.socket.bytesRead === this.prefixBytes
  }

  override add(exchange: Exchange): void {
    // A list that grows gets room for many more, which each of many idle tunnels would keep.
    if (exchange.res === undefined && this.exchanges.length === 0) this.exchanges = [exchange]
    else super.add(exchange)
  }

  override delete(exchange: Exchange): void {
    super.delete(exchange)
    const next = this.exchanges.length === 0 ? this : this.exchanges[0]
    if (next?.turn !== undefined) this.takeTurn(next)
  }

  /** When Node has done what it does behind a response. */
  private takeTurn(next: Turn): void {
    const { turn } = next
    next.turn = undefined
    process.nextTick(() => {
      // The response before it was the last one.
      if (this.socket.writable) turn?.()
    })
  }
}
