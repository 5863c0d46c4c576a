/** The body of a request on its way to a thread. */
import type { IncomingMessage } from 'node:http'
import { shipOwned } from '../protocol/bytes.js'
import { CreditWindow } from '../protocol/credit.js'
import type { ToThread } from '../protocol/messages.js'

/** This much of a body is read before the request is given to a thread, so a thread never waits for a body up to this size. */
const gatheredUpTo = 65_536

export type Post = (message: ToThread, transfer?: readonly ArrayBuffer[]) => void

export class BodyToThread {
  readonly #req: IncomingMessage
  readonly #window = new CreditWindow()
  readonly #gathered: Buffer<ArrayBuffer>[] = []
  #release: (() => void) | undefined
  /** The whole body was read from the client. */
  isEnded = false

  constructor(req: IncomingMessage) {
    this.#req = req
  }

  /** The gathered bytes, in memory of their own. */
  get bytes(): Uint8Array<ArrayBuffer> | undefined {
    const [first, ...others] = this.#gathered
    if (first === undefined || others.length === 0) return first
    // Not `Buffer.concat`, which puts small buffers into the pool. The whole pool would then be cloned.
    const whole = new Uint8Array(this.#gathered.reduce((size, { byteLength }) => size + byteLength, 0))
    let at = 0
    for (const chunk of this.#gathered) {
      whole.set(chunk, at)
      at += chunk.byteLength
    }
    return whole
  }

  /** The client is expected to send more. */
  get isAwaited(): boolean {
    return !this.isEnded && !this.#req.isPaused()
  }

  /** Reads a body, or the beginning of a large one. Calls `ready` when the request can be given to a thread. */
  gather(ready: () => void): void {
    const { headers } = this.#req
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
    if (!hasBody) {
      this.isEnded = true
      return ready()
    }
    let size = 0
    const done = (): void => {
      this.stop()
      ready()
    }
    this.#listen(
      chunk => {
        this.#gathered.push(chunk)
        size += chunk.byteLength
        // If the body ends here, waits for its end, which comes with the last bytes.
        if (size < gatheredUpTo || this.#req.complete) return
        this.#req.pause()
        done()
      },
      () => {
        this.isEnded = true
        done()
      },
    )
  }

  /** Sends the rest of the body as fast as the thread takes it. */
  stream(id: number, post: Post): void {
    // The thread also gives credit for the bytes that came with the request.
    this.#window.take(this.#gathered.reduce((size, { byteLength }) => size + byteLength, 0))
    this.#listen(
      chunk => {
        const { bytes, transfer } = shipOwned(chunk)
        this.#window.take(bytes.byteLength)
        if (this.#window.isFull) this.#req.pause()
        post({ type: 'chunk', id, data: bytes }, transfer)
      },
      () => {
        this.isEnded = true
        post({ type: 'end', id, trailers: this.#req.rawTrailers })
      },
    )
    this.#req.resume()
  }

  /** The thread has read this many bytes. */
  credit(size: number): void {
    this.#window.give(size)
    if (!this.#window.isFull && this.#release !== undefined) this.#req.resume()
  }

  /** The rest is not needed. It is read and discarded, so that the connection can be used further. */
  discard(): void {
    this.stop()
    if (!this.isEnded) this.#req.resume()
  }

  /** From now on, passes nothing to the thread. */
  stop(): void {
    this.#release?.()
    this.#release = undefined
  }

  #listen(data: (chunk: Buffer<ArrayBuffer>) => void, end: () => void): void {
    const req = this.#req
    req.on('data', data)
    req.on('end', end)
    this.#release = () => {
      req.off('data', data)
      req.off('end', end)
    }
  }
}
