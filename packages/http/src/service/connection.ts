/** An established connection and the exchanges on it. */
import type { Socket } from 'node:net'
import type { Exchange } from './exchange.js'

/** Exchanges are in the order of their requests, which is the order of the responses. */
export class Connection {
  readonly socket: Socket
  /** Read once, while the socket is open: it is gone when the socket is closed. */
  readonly remoteAddress: string | undefined
  readonly exchanges: Exchange[] = []
  /** The last response of this connection was decided: a request that comes after it is not served. */
  isClosing = false
  /** The server gave its own last answer and waits for the client to leave. */
  isRefused = false

  constructor(socket: Socket) {
    this.socket = socket
    this.remoteAddress = socket.remoteAddress
  }

  /** Nothing was ever read from it. */
  get isFresh(): boolean {
    return this.socket.bytesRead === 0
  }

  remove(exchange: Exchange): void {
    if (this.exchanges.length === 1) this.exchanges.pop()
    else this.exchanges.splice(this.exchanges.indexOf(exchange), 1)
  }
}
