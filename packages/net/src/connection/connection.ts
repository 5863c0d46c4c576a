/** An established connection and what was begun on it. */
import type { Socket } from 'node:net'
import type { Exchange } from './exchange.js'

export class Connection<Each extends Exchange = Exchange> {
  /** Not the accepted one any more once an encrypted connection has completed its handshake. */
  socket: Socket
  readonly openedAtMs: number = performance.now()
  /** Its index among all connections; -1: it is not one of them. */
  place = -1
  /** In the order in which they began. */
  exchanges: Each[] = []
  /** Its last answer has been decided: what comes after it is not served. */
  isClosing = false
  /** The next answer is its last, so that its client connects to another worker. */
  isShed = false

  constructor(socket: Socket) {
    this.socket = socket
  }

  add(exchange: Each): void {
    this.exchanges.push(exchange)
  }

  delete(exchange: Each): void {
    if (this.exchanges.length === 1) this.exchanges.pop()
    else this.exchanges.splice(this.exchanges.indexOf(exchange), 1)
  }
}
