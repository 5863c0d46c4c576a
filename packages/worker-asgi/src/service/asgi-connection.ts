/** The requests of one connection, one after another. Node passes on pipelined requests all at once. */
import type { Duplex } from 'node:stream'
import type { HttpCycle } from '../http/http-cycle.js'
import type { Peer } from '../scope/peer.js'

/** The property of a socket that holds its connection. It is read for every request, and a map would be slower. */
const key: unique symbol = Symbol('tunicorn.asgi-connection')

type Tracked = Duplex & { [key]?: AsgiConnection }

export class AsgiConnection {
  readonly peer: Peer
  private current: HttpCycle | undefined = undefined
  private waiting: (() => void)[] = []
  private isClosed = false

  /** Lives as long as its socket. */
  constructor(socket: Duplex, peer: Peer) {
    this.peer = peer
    const tracked: Tracked = socket
    tracked[key] = this
    socket.once('close', () => this.close())
  }

  /** The connection of a socket, if it has had a request. */
  static of(socket: Duplex): AsgiConnection | undefined {
    const tracked: Tracked = socket
    return tracked[key]
  }

  /** Whether a request may begin at once. */
  get isFree(): boolean {
    return this.waiting.length === 0 && (this.current === undefined || this.current.isComplete)
  }

  /** A request has begun. */
  begin(cycle: HttpCycle): void {
    this.current = cycle
  }

  /** Calls `start` when the previous requests are complete. Never calls it if the connection closes first. */
  wait(start: () => void): void {
    this.waiting.push(start)
  }

  /** The response of a request is complete. */
  readonly completed = ({ res }: HttpCycle): void => {
    if (this.waiting.length === 0) return
    // A response that closes the connection is the last one.
    if (!res.shouldKeepAlive) this.waiting = []
    // Deferred, so that the app that has just completed its response can return before the next one is called.
    else setImmediate(() => this.next())
  }

  private close(): void {
    this.isClosed = true
    this.waiting = []
    this.current?.close()
    this.current = undefined
  }

  private next(): void {
    if (!this.isClosed) this.waiting.shift()?.()
  }
}
