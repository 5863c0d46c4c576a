/** A WebSocket that knows whom it tells what: with functions of its own, each of many idle ones would be larger. */
import { WebSocket } from 'ws'

/** Who takes what comes from a WebSocket. */
export interface SocketOwner {
  message(data: Buffer, isBinary: boolean): void
  pong(): void
  failed(error: Error): void
  closed(code: number, reason: string): void
}

export class AppSocket extends WebSocket {
  owner: SocketOwner | undefined

  /** From now on `owner` is told of everything. */
  attach(owner: SocketOwner): void {
    this.owner = owner
    this.on('message', onMessage)
    this.on('pong', onPong)
    this.on('error', onError)
    this.on('close', onClose)
  }
}

function onMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
  // What the library gives unless it is asked for something else.
  if (this instanceof AppSocket && data instanceof Buffer) this.owner?.message(data, isBinary)
}

function onPong(this: WebSocket): void {
  if (this instanceof AppSocket) this.owner?.pong()
}

function onError(this: WebSocket, error: Error): void {
  if (this instanceof AppSocket) this.owner?.failed(error)
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  if (this instanceof AppSocket) this.owner?.closed(code, reason.toString())
}
