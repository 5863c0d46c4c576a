/** The body of a request as events. Nothing is read before the app asks for it, and little is read ahead. */

import type { IncomingMessage } from 'node:http'
import type { HttpReceiveEvent } from '../protocol/http-events.js'
import { disconnected, highWaterMark } from '../runtime/shared.js'

const empty: Buffer = Buffer.alloc(0)

export class RequestBody {
  private readonly req: IncomingMessage
  /** Bytes announced by `Content-Length`; -1 for a chunked body. */
  private readonly announced: number
  private chunks: Buffer[] = []
  private queued = 0
  private received = 0
  private isBegun = false
  private isEnded = false
  private isClosed = false
  private waiting: ((event: HttpReceiveEvent) => void) | undefined = undefined
  private pending: Promise<HttpReceiveEvent> | undefined = undefined
  /** The last part was delivered. */
  isDone = false

  constructor(req: IncomingMessage) {
    this.req = req
    const length = req.headers['content-length']
    this.announced = length === undefined ? -1 : Number(length)
  }

  /** The next part: everything that has arrived since the previous one. Never rejects. */
  next(): Promise<HttpReceiveEvent> {
    // Calls are answered one after another, each with a different part.
    if (this.pending !== undefined) return this.pending.then(() => this.next())
    if (!this.isBegun) this.begin()
    const event = this.take()
    if (event !== undefined) return Promise.resolve(event)
    this.pending = new Promise(resolve => {
      this.waiting = resolve
    })
    return this.pending
  }

  /** The connection was closed. What has arrived is still delivered. */
  close(): void {
    this.isClosed = true
    this.deliver()
  }

  /** The rest is not needed. It is read and discarded, so that the next request on the connection can be found. */
  discard(): void {
    this.isDone = true
    this.chunks = []
    this.deliver()
    // Node discards a body whose reading has not begun.
    if (this.isBegun && !this.isEnded) this.req.removeAllListeners('data').resume()
  }

  private begin(): void {
    this.isBegun = true
    this.req.on('data', (chunk: Buffer) => this.push(chunk))
    this.req.on('end', () => {
      this.isEnded = true
      this.deliver()
    })
  }

  private push(chunk: Buffer): void {
    if (this.isDone) return
    this.chunks.push(chunk)
    this.queued += chunk.length
    this.received += chunk.length
    // Spares the app an empty last part.
    if (this.received === this.announced) this.isEnded = true
    this.deliver()
    if (this.queued >= highWaterMark) this.req.pause()
  }

  private deliver(): void {
    const resolve = this.waiting
    if (resolve === undefined) return
    const event = this.take()
    if (event === undefined) return
    this.waiting = undefined
    this.pending = undefined
    resolve(event)
  }

  private take(): HttpReceiveEvent | undefined {
    const { chunks } = this
    if (chunks.length > 0) {
      const [first = empty] = chunks
      const body = chunks.length === 1 ? first : Buffer.concat(chunks)
      this.chunks = []
      this.queued = 0
      this.isDone = this.isEnded
      if (!this.isEnded && this.req.isPaused()) this.req.resume()
      return { type: 'http.request', body, moreBody: !this.isEnded }
    }
    if (this.isEnded && !this.isDone) {
      this.isDone = true
      return { type: 'http.request', body: empty, moreBody: false }
    }
    return this.isClosed || this.isDone ? disconnected : undefined
  }
}
