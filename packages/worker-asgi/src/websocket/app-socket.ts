/** A WebSocket that reports to a single owner. */
import { WebSocket } from 'ws'
import { ClientDisconnectedError } from '../protocol/errors.js'
import { done, highWaterMark } from '../runtime/shared.js'

/** Receives what happens on a WebSocket. */
export interface SocketOwner {
  message(data: Buffer, isBinary: boolean): void
  pong(): void
  failed(error: Error): void
  closed(code: number, reason: string): void
}

export class AppSocket extends WebSocket {
  /** Is told about everything. Nothing arrives before the end of the turn in which the handshake is completed. */
  owner: SocketOwner | undefined = undefined

  /** Resolves at once while little waits for the client, otherwise when it has read enough. Rejects when it has left. */
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
    // If the app does not wait for this, a client that leaves must not end the process.
    sent.catch(() => {})
    return sent
  }

  /** Replaces listeners, whose table would make each of many idle sockets larger. */
  override emit(event: string | symbol, first?: unknown, second?: unknown): boolean {
    const { owner } = this
    if (owner === undefined) return false
    switch (event) {
      case 'message':
        // The library's default type of data.
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
