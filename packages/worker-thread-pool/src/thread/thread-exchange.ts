/**
 * A request and its response inside a thread: Node's own `IncomingMessage` and `ServerResponse` on a socket without a
 * handle. Changes are made to the objects themselves, because frameworks replace their prototypes.
 */
import { type IncomingMessage, ServerResponse } from 'node:http'
import { bufferOf, shipCopy } from '../protocol/bytes.js'
import { CreditLedger, CreditWindow } from '../protocol/credit.js'
import { toErrorData } from '../protocol/error-data.js'
import type {
  AbortReason,
  BodyPart,
  FromThread,
  Hints,
  RequestMessage,
  ResponseHead,
} from '../protocol/messages.js'
import { abortError, streamDestroyed } from './connection-errors.js'
import { createRequest } from './create-request.js'
import { EndCallbacks } from './end-callbacks.js'
import { passDrain } from './pass-drain.js'
import { endOfHead, readHead } from './read-head.js'
import { RequestSocket, type SocketChunk, type SocketOwner } from './request-socket.js'
import { TlsRequestSocket } from './tls-request-socket.js'

/** Strings up to this length are cloned. Longer ones are encoded here, so that the event loop need not do it. */
const maxText = 8_192

export interface ThreadExchangeOwner {
  post(message: FromThread, transfer?: readonly ArrayBuffer[]): void
  /** The exchange is over: nothing more will be posted or received for it. */
  over(exchange: ThreadExchange): void
}

export class ThreadExchange implements SocketOwner {
  readonly id: number
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly #owner: ThreadExchangeOwner
  readonly #socket: RequestSocket
  readonly #window = new CreditWindow()
  readonly #credits = new CreditLedger()
  readonly #trailers: string[] = []
  #unread = 0
  #more: ((error?: Error) => void) | undefined
  readonly #endCallbacks = new EndCallbacks()
  #isHeadPosted = false
  #isEnding = false
  #isLastPosted = false
  #isReturned = false
  #isDonePosted = false
  #isClosed = false
  #isHandled = false
  #isOver = false

  constructor(message: RequestMessage, owner: ThreadExchangeOwner) {
    this.id = message.id
    this.#owner = owner
    const { peer } = message
    this.#socket = peer.tls ? new TlsRequestSocket(peer, peer.tls, this) : new RequestSocket(peer, this)
    // As on a server's socket: without a listener, an error would end the thread.
    this.#socket.on('error', ignore)
    this.req = createRequest(message, this.#socket, () => this.#read())
    this.res = this.#response()
  }

  /** Runs the app's handler. */
  run(handler: (req: IncomingMessage, res: ServerResponse) => unknown): void {
    try {
      const result = handler(this.req, this.res)
      if (isThenable(result))
        result.then(
          () => this.#handled(),
          error => this.#failed(error),
        )
      else this.#handled()
    } catch (error) {
      this.#failed(error)
    }
  }

  /**
   * The app has returned its response, which is all that it does. So the last part of the response also ends the request, and
   * the event loop needs no second message.
   */
  returned(): void {
    this.#isReturned = true
  }

  /** A further part of the request's body has arrived. */
  chunk(data: Uint8Array<ArrayBuffer>): void {
    if (this.#isClosed) return
    this.#unread += data.byteLength
    this.req.push(bufferOf(data))
  }

  /** The request has ended. */
  end(trailers: readonly string[]): void {
    if (this.#isClosed) return
    this.req.rawTrailers.push(...trailers)
    this.req.complete = true
    this.req.push(null)
  }

  /** The client has taken some of the response. */
  credit(size: number): void {
    this.#window.give(size)
    if (this.#window.isFull || this.#more === undefined) return
    const more = this.#more
    this.#more = undefined
    more()
  }

  /** Acts like a server whose connection is closed: `req` and `res` are destroyed, signals abort. */
  abort(reason: AbortReason): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.req.destroy(abortError(reason))
    this.#socket.destroy()
    this.#settleWaiting()
    this.#finish()
  }

  written(chunks: readonly SocketChunk[], done: (error?: Error) => void): void {
    if (this.#isClosed) return done()
    const parts: BodyPart[] = []
    const transfer: ArrayBuffer[] = []
    let head: ResponseHead | undefined
    for (const { chunk, encoding } of chunks) {
      let rest = chunk
      if (!this.#isHeadPosted && typeof chunk === 'string') {
        head = readHead(chunk)
        rest = chunk.slice(endOfHead(chunk))
        this.#isHeadPosted = true
      }
      if (rest.length > 0) parts.push(this.#part(rest, encoding, transfer))
    }
    if (this.#isEnding) this.#postLast(head, parts, transfer)
    else if (head !== undefined || parts.length > 0)
      this.#owner.post({ type: 'response', id: this.id, head, parts, last: undefined }, transfer)
    if (this.#isEnding) return done()
    passDrain(this.#socket, this.res)
    if (this.#window.isFull) this.#more = done
    else done()
  }

  destroyed(error: Error | null): void {
    if (this.#isClosed) return
    this.#isClosed = true
    const data = error === null ? undefined : toErrorData(error)
    this.#owner.post({ type: 'cut', id: this.id, error: data })
    this.#settleWaiting()
    this.#finish()
  }

  #postLast(
    head: ResponseHead | undefined,
    parts: readonly BodyPart[],
    transfer: readonly ArrayBuffer[],
  ): void {
    this.#isLastPosted = true
    this.#isDonePosted = this.#isHandled || this.#isReturned
    const last = { trailers: this.#trailers, isDone: this.#isDonePosted }
    this.#owner.post({ type: 'response', id: this.id, head, parts, last }, transfer)
  }

  #part(data: string | Uint8Array, encoding: BufferEncoding, transfer: ArrayBuffer[]): BodyPart {
    const isShortText = typeof data === 'string' && data.length <= maxText && isUtf8(encoding)
    if (isShortText) return this.#counted(data)
    const bytes = typeof data === 'string' ? Buffer.from(data, encoding) : data
    const shipment = shipCopy(bytes)
    transfer.push(...shipment.transfer)
    return this.#counted(shipment.bytes)
  }

  #counted(part: BodyPart): BodyPart {
    this.#window.take(part.length)
    return part
  }

  /** The app wants more than is buffered here, so it has taken everything so far. */
  #read(): void {
    const credit = this.#credits.add(this.#unread)
    this.#unread = 0
    if (credit > 0 && !this.#isClosed) this.#owner.post({ type: 'credit', id: this.id, size: credit })
  }

  #response(): ServerResponse {
    const res = new ServerResponse(this.req)
    const { writeHead, end, addTrailers } = res
    res.writeHead = (...args: unknown[]) => {
      Reflect.apply(writeHead, res, args)
      // The head says what it would. The body follows without chunks, which are a matter of the client's connection.
      res.chunkedEncoding = false
      return res
    }
    res.end = (...args: unknown[]) => {
      this.#isEnding = true
      try {
        Reflect.apply(end, res, args)
        this.#endCallbacks.add(args.at(-1))
        return res
      } catch (error) {
        this.#isEnding = false
        throw error
      }
    }
    res.addTrailers = trailers => {
      // Node's own method validates them.
      Reflect.apply(addTrailers, res, [trailers])
      const pairs = Array.isArray(trailers) ? trailers : Object.entries(trailers)
      for (const [name, value] of pairs) this.#trailers.push(String(name), String(value))
    }
    res.writeContinue = callback => callback?.()
    res.writeProcessing = () => this.#inform(undefined)
    res.writeEarlyHints = (hints: Hints, callback?: () => void) => {
      this.#inform(hints)
      callback?.()
    }
    res.assignSocket(this.#socket)
    res.once('finish', () => this.#finished())
    return res
  }

  /** The connection is closed: what the app waits for after `write` and `end` would never happen. */
  #settleWaiting(): void {
    const more = this.#more
    this.#more = undefined
    more?.(streamDestroyed())
    this.#endCallbacks.closed()
  }

  #inform(hints: Hints | undefined): void {
    if (!this.#isClosed) this.#owner.post({ type: 'information', id: this.id, hints })
  }

  /** The whole response was posted. Called in a tick of its own, so the handler is no longer running. */
  #finished(): void {
    this.#endCallbacks.finished()
    if (this.#isClosed) return
    if (!this.#isLastPosted) this.#postLast(undefined, [], [])
    this.#isClosed = true
    this.#isHandled = true
    this.#settleRequest()
    // The socket is still in the callback of its last write, and would raise an error if it were destroyed there.
    process.nextTick(() => this.#socket.destroy())
    this.#finish()
  }

  /** What the app has not read is discarded, as a server does. The rest of an unfinished body never comes. */
  #settleRequest(): void {
    const { req } = this
    if (!req.complete) req.destroy()
    else if (!req.readableEnded && (req.listenerCount('end') > 0 || req.listenerCount('close') > 0))
      req.resume()
  }

  #handled(): void {
    this.#isHandled = true
    this.#finish()
  }

  #failed(error: unknown): void {
    this.#isHandled = true
    this.#owner.post({ type: 'failed', id: this.id, error: toErrorData(error) })
    if (this.#isClosed) return this.#finish()
    this.#isClosed = true
    this.#socket.destroy()
    this.#finish()
  }

  #finish(): void {
    if (this.#isOver || !this.#isClosed || !this.#isHandled) return
    this.#isOver = true
    if (!this.#isDonePosted) this.#owner.post({ type: 'done', id: this.id })
    this.#owner.over(this)
  }
}

function isUtf8(encoding: string): boolean {
  return encoding === 'utf8' || encoding === 'utf-8'
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

function ignore(): void {}
