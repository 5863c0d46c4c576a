/** The body of a request on its way to a thread. */
import type { IncomingMessage } from 'node:http'
import { shipOwned } from '../protocol/bytes.js'
import { CreditWindow } from '../protocol/credit.js'
import type { ToThread } from '../protocol/messages.js'

/** So much of a body is read before the request is given to a thread, which then never waits for one that is no longer. */
const gatheredUpTo = 65_536

export type Post = (message: ToThread, transfer?: readonly ArrayBuffer[]) => void

export class BodyToThread {
  readonly #req: IncomingMessage
  readonly #window = new CreditWindow()
  readonly #gathered: Buffer<ArrayBuffer>[] = []
  #release: (() => void) | undefined
  /** Everything was read from the client. */
  isEnded = false

  constructor(req: IncomingMessage) {
    this.#req = req
  }

  /** What was gathered, in memory of its own. */
  get bytes(): Uint8Array<ArrayBuffer> | undefined {
    const [first, ...others] = this.#gathered
    if (first === undefined || others.length === 0) return first
    // Not `Buffer.concat`: what is small it puts into the pool, all of which would be cloned.
    const whole = new Uint8Array(this.#gathered.reduce((size, { byteLength }) => size + byteLength, 0))
    let at = 0
    for (const chunk of this.#gathered) {
      whole.set(chunk, at)
      at += chunk.byteLength
    }
    return whole
  }

  /** The client is to send more. */
  get isAwaited(): boolean {
    return !this.isEnded && !this.#req.isPaused()
  }

  /** Reads a body, or the beginning of a large one; calls `ready` when the request can be given to a thread. */
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
        // Of one that ends here the end is waited for: it comes with the last of the bytes.
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

  /** Sends what was not gathered, as fast as the thread takes it. */
  stream(id: number, post: Post): void {
    // The thread gives credit for what it was given at once, too.
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

  /** The thread has read some of it. */
  credit(size: number): void {
    this.#window.give(size)
    if (!this.#window.isFull && this.#release !== undefined) this.#req.resume()
  }

  /** Nobody wants the rest: it is read and thrown away, so that the connection can go on. */
  discard(): void {
    this.stop()
    if (!this.isEnded) this.#req.resume()
  }

  /** Passes nothing on from now on. */
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
