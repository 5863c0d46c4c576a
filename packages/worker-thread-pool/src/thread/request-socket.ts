/**
 * The socket of a request inside a thread: a real `net.Socket` without a handle. `ServerResponse` writes its response to it as
 * usual. The body of the request never passes through it.
 */
import { Socket } from 'node:net'
import type { Peer } from '../protocol/messages.js'

export interface SocketChunk {
  readonly chunk: string | Uint8Array
  readonly encoding: BufferEncoding
}

export interface SocketOwner {
  /** Takes what was written. Calling `done` asks for more. */
  written(chunks: readonly SocketChunk[], done: () => void): void
  /** The socket is being destroyed, whatever the cause. */
  destroyed(error: Error | null): void
}

export class RequestSocket extends Socket {
  readonly peer: Peer
  readonly #owner: SocketOwner

  constructor(peer: Peer, owner: SocketOwner) {
    super()
    this.peer = peer
    this.#owner = owner
  }

  override _write(chunk: string | Uint8Array, encoding: BufferEncoding, done: () => void): void {
    this.#owner.written([{ chunk, encoding }], done)
  }

  override _writev(chunks: SocketChunk[], done: () => void): void {
    this.#owner.written(chunks, done)
  }

  override _read(): void {}

  override _final(done: () => void): void {
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#owner.destroyed(error)
    super._destroy(error, done)
  }
}

// Node defines these as getters on `Socket.prototype`. A class body cannot, because their types are properties.
const fromPeer = (name: keyof Peer): PropertyDescriptor => ({
  configurable: true,
  get(this: RequestSocket) {
    return this.peer[name]
  },
})

Object.defineProperties(RequestSocket.prototype, {
  remoteAddress: fromPeer('remoteAddress'),
  remotePort: fromPeer('remotePort'),
  remoteFamily: fromPeer('remoteFamily'),
  localAddress: fromPeer('localAddress'),
  localPort: fromPeer('localPort'),
  encrypted: fromPeer('isEncrypted'),
})
