/** A WebSocket that knows whom it tells what. */
import { WebSocket } from 'ws'
import { ClientDisconnectedError } from '../protocol/errors.js'
import { done, highWaterMark } from '../runtime/shared.js'

/** Who takes what comes from a WebSocket. */
export interface SocketOwner {
  message(data: Buffer, isBinary: boolean): void
  pong(): void
  failed(error: Error): void
  closed(code: number, reason: string): void
}

export class AppSocket extends WebSocket {
  /** Is told of everything. Nothing comes before the turn in which the handshake is completed has ended. */
  owner: SocketOwner | undefined = undefined

  /** Resolves at once while little waits for the client, else when it has read enough; rejects when it has left. */
  deliver(data: string | Uint8Array): Promise<void> {
    const size = typeof data === 'string' ? data.length : data.byteLength
    if (this.bufferedAmount + size < highWaterMark) {
      this.send(data)
      return done
    }
    const sent = new Promise<void>((resolve, reject) => {
      this.send(data, error => {
        if (error == null) resolve()
        else reject(new ClientDisconnectedError())
      })
    })
    // An app that does not wait is not to be ended by a client that leaves.
    sent.catch(() => {})
    return sent
  }

  /** In place of listeners: their table would make each of many idle sockets larger. */
  override emit(event: string | symbol, first?: unknown, second?: unknown): boolean {
    const { owner } = this
    if (owner === undefined) return false
    switch (event) {
      case 'message':
        // What the library gives unless it is asked for something else.
        if (first instanceof Buffer) owner.message(first, second === true)
        return true
      case 'pong':
        owner.pong()
        return true
      case 'error':
        if (first instanceof Error) owner.failed(first)
        return true
      case 'close':
        owner.closed(Number(first), String(second))
        return true
      default:
        return false
    }
  }
}
