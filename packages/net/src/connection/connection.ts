/** An established connection and the exchanges on it. */
import type { Socket } from 'node:net'
import type { Exchange } from './exchange.js'

export class Connection<Each extends Exchange = Exchange> {
  /** Replaced when an encrypted connection has completed its handshake. */
  socket: Socket
  readonly openedAtMs: number = performance.now()
  /** Its index among all connections. -1: it is not among them. */
  place = -1
  /** In the order in which they began. */
  exchanges: Each[] = []
  /** Its last answer is decided: later requests are not served. */
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
