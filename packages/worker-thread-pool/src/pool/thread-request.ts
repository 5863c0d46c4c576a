/** A request on the side of the event loop, which a thread runs or is to run. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerStatus } from '@tunicorn/http'
import { shipOwned } from '../protocol/bytes.js'
import { CreditLedger } from '../protocol/credit.js'
import { fromErrorData } from '../protocol/error-data.js'
import type { AbortReason, BodyPart, FromThread, Hints, ResponseMessage } from '../protocol/messages.js'
import { BodyToThread, type Post } from './body-to-thread.js'
import { peerOf } from './peer.js'

/** Messages about one request. */
export type RequestMessageBack = Extract<FromThread, { readonly id: number }>

type Answer = Extract<RequestMessageBack, { readonly type: 'response' | 'information' | 'cut' }>

/** Whether a message is the last one about its request. */
export function isDone(message: RequestMessageBack): boolean {
  return message.type === 'done' || (message.type === 'response' && message.last?.isDone === true)
}

export interface ThreadRequestObserver {
  /** The client has left before an answer. */
  left(request: ThreadRequest): void
}

export class ThreadRequest {
  readonly id: number
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly body: BodyToThread
  /** The fields of the head for the thread: names and values in turn. */
  readonly fields: readonly string[]
  /** For logs, because apps change method and target on `req`. */
  readonly name: string
  /** Settles when the pool has finished with the request. Rejects with the failure of the app or the thread. */
  readonly settled: Promise<void>
  /** When the thread or the client last did something. */
  touchedAtMs: number
  abort: AbortReason | undefined
  readonly #observer: ThreadRequestObserver
  readonly #credits = new CreditLedger()
  readonly #closed = (): void => this.#observer.left(this)
  #post: Post | undefined
  #resolve: () => void = ignore
  #reject: (error: unknown) => void = ignore
  #isAnswered = false
  #isSettled = false

  constructor(
    id: number,
    exchange: {
      readonly req: IncomingMessage
      readonly res: ServerResponse
      readonly fields: readonly string[]
    },
    source: { readonly nowMs: number; readonly observer: ThreadRequestObserver },
  ) {
    this.id = id
    this.req = exchange.req
    this.res = exchange.res
    this.fields = exchange.fields
    this.name = `${exchange.req.method} ${exchange.req.url}`
    this.body = new BodyToThread(exchange.req)
    this.touchedAtMs = source.nowMs
    this.#observer = source.observer
    this.settled = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.res.once('close', this.#closed)
  }

  /** For the pool, the answer or the refusal is complete. */
  get isSettled(): boolean {
    return this.#isSettled
  }

  /** The whole answer was handed to the client's connection. */
  get isAnswered(): boolean {
    return this.#isAnswered
  }

  /** A thread has, or had, the request. */
  get isStarted(): boolean {
    return this.#post !== undefined
  }

  /** The client is expected to send or to read. Meanwhile the handler's time does not run. */
  get isWaitingForClient(): boolean {
    return (
      this.abort === undefined && !this.#isAnswered && (this.body.isAwaited || this.res.writableLength > 0)
    )
  }

  /** Gives the request to a thread. */
  start(post: Post, nowMs: number): void {
    const { id, req, body } = this
    const { bytes } = body
    const shipment = bytes === undefined ? undefined : shipOwned(bytes)
    this.#post = post
    this.touchedAtMs = nowMs
    const isWhole = body.isEnded
    post(
      {
        type: 'request',
        id,
        method: req.method ?? 'GET',
        target: req.url ?? '/',
        httpVersion: req.httpVersion,
        fields: this.fields,
        peer: peerOf(req.socket),
        body: shipment?.bytes,
        isWhole,
        trailers: isWhole ? req.rawTrailers : [],
      },
      shipment?.transfer ?? [],
    )
    if (!isWhole) body.stream(id, post)
  }

  /** Handles a message from the thread. Node may still refuse the head or a trailer; then the request has failed. */
  receive(message: RequestMessageBack, nowMs: number): void {
    this.touchedAtMs = nowMs
    switch (message.type) {
      case 'credit':
        return this.body.credit(message.size)
      case 'failed':
        return this.#settle(fromErrorData(message.error))
      case 'done':
        return this.#settle(undefined)
    }
    if (!this.#isAnswered && !this.#isSettled && !this.res.destroyed) this.#answer(message)
    if (isDone(message)) this.#settle(undefined)
  }

  #answer(message: Answer): void {
    if (message.type === 'cut') return this.#cut(message)
    try {
      if (message.type === 'information') inform(this.res, message.hints)
      else this.#respond(message)
    } catch (error) {
      this.#settle(error)
    }
  }

  /** Tells the thread that the answer is no longer needed. */
  sendAbort(reason: AbortReason, nowMs: number): void {
    if (this.abort !== undefined) return
    this.abort = reason
    this.touchedAtMs = nowMs
    this.body.stop()
    this.#post?.({ type: 'abort', id: this.id, reason })
  }

  /** Answers with `answer` in place of the app, because there is no room. */
  refuse(answer: (res: ServerResponse) => void): void {
    if (!this.res.headersSent && !this.res.destroyed) answer(this.res)
    this.#settle(undefined)
  }

  /** Answers in place of the app and fails with `error`. If the head was already sent, the service cuts the connection. */
  fail(status: 503 | 504, error: Error): void {
    // The service must learn of the failure before the response is finished, which takes a tick. So both happen in a microtask.
    queueMicrotask(() => {
      if (!this.#isSettled && !this.res.headersSent && !this.res.destroyed)
        answerStatus(this.res, status, { 'retry-after': '1' })
      this.#settle(error)
    })
  }

  /** The request was dropped before it ran. */
  drop(): void {
    this.#settle(undefined)
  }

  #respond({ head, parts, last }: ResponseMessage): void {
    const { res } = this
    if (head !== undefined) {
      // The thread's response has a date of its own, unless the app wants none.
      res.sendDate = false
      res.writeHead(head.status, head.reason, [...head.fields])
    }
    if (last !== undefined) return this.#end(parts, last.trailers)
    if (parts.length === 0) res.flushHeaders()
    for (const part of parts) res.write(part, () => this.#taken(part.length))
  }

  #end(parts: readonly BodyPart[], trailers: readonly string[]): void {
    const { res } = this
    this.#isAnswered = true
    res.off('close', this.#closed)
    if (trailers.length > 0) res.addTrailers(pairsOf(trailers))
    const last = parts.length - 1
    for (let index = 0; index < last; index += 1) res.write(parts[index])
    res.end(parts[last])
    this.body.discard()
  }

  #cut({ error }: Extract<FromThread, { readonly type: 'cut' }>): void {
    this.#isAnswered = true
    this.body.stop()
    this.res.off('close', this.#closed)
    this.res.destroy(error === undefined ? undefined : fromErrorData(error))
  }

  /** The client's socket has taken a part of the response. */
  #taken(size: number): void {
    const credit = this.#credits.add(size)
    if (credit > 0 && !this.#isSettled) this.#post?.({ type: 'credit', id: this.id, size: credit })
  }

  #settle(error: unknown): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.res.off('close', this.#closed)
    this.body.discard()
    if (error === undefined) this.#resolve()
    else this.#reject(error)
  }
}

function inform(res: ServerResponse, hints: Hints | undefined): void {
  if (hints === undefined) res.writeProcessing()
  else res.writeEarlyHints(hints)
}

function pairsOf(flat: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let index = 0; index < flat.length; index += 2) pairs.push([flat[index] ?? '', flat[index + 1] ?? ''])
  return pairs
}

function ignore(): void {}
