/** One request and its response, from the request's head to the end. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { RequestOutcome, ResponseSummary } from '@tunicorn/arbiter/worker'
import { closeInStages, type ExchangeSource, Exchange as OpenExchange } from '@tunicorn/net'
import { own, type ResponseOwner } from '../server/guarded-response.js'
import { refuseSocket } from '../server/refuse.js'
import type { NodeRequestHead } from './node-request-head.js'

/** The unread rest of a request that was answered. */
export interface UnreadBody {
  readonly head: NodeRequestHead
  /** The whole body has arrived: what the client sends now belongs to another request. */
  readonly isReceived: boolean
  /** The worker drains: from now on, the wait for the rest is short. */
  drain(): void
  /** Also called when the connection was closed. Idempotent. */
  close(): void
}

/** The connection that exchanges are on. */
export interface ExchangeConnection {
  readonly socket: Socket
  /** In the order of their requests, which is also that of the responses. */
  readonly exchanges: readonly Exchange[]
  /** The last response of this connection is decided: later requests are not served. */
  isClosing: boolean
  /** The server gave a last answer of its own and waits for the client to leave. */
  isRefused: boolean
  /** Set if a request was answered before its body ended. */
  leftover: UnreadBody | undefined
  /** Called when no exchange is left and the connection can still send an answer. */
  turn: (() => void) | undefined
  add(exchange: Exchange): void
  delete(exchange: Exchange): void
}

/** What an exchange is made of. */
export interface ExchangeParts {
  readonly connection: ExchangeConnection
  readonly head: NodeRequestHead
  /** Absent for a request that took the socket over: an upgrade or a tunnel. */
  readonly res: ServerResponse | undefined
}

export interface ExchangeObserver {
  /** Header fields of an answer that bypasses the response or has none. */
  fieldsPast(head: NodeRequestHead): Readonly<Record<string, string>>
  /** Adds to an outcome the details that the host wants of the response. */
  detailed(outcome: RequestOutcome, res: ServerResponse | undefined): RequestOutcome
  /** The response was sent before the client had sent all of its request. Called before the exchange ends. */
  bodyLeft(exchange: Exchange, req: IncomingMessage): void
  /** The response of the app contains something that must not be sent. */
  faulted(exchange: Exchange, error: Error): void
  /** The exchange has left its connection, which may still be open. */
  exchangeEnded(connection: ExchangeConnection): void
}

/** Ends exactly once, with the true outcome. Made for every request: its members are plain because those are cheapest. */
export class Exchange extends OpenExchange implements ResponseOwner {
  declare readonly owner: ExchangeConnection
  /** Absent for a request that took the socket over: an upgrade or a tunnel. */
  readonly res: ServerResponse | undefined
  /** Method and target as they arrived. An app may change them on the request. */
  declare readonly head: NodeRequestHead
  /** Called when the previous responses are sent and the connection can still send an answer. */
  turn: (() => void) | undefined = undefined
  /** Its response is to be the last of its connection, unless another request arrives before its head is written. */
  closes = false
  private readonly observer: ExchangeObserver
  private ownStatus: number | undefined = undefined

  constructor({ connection, head, res }: ExchangeParts, source: ExchangeSource, observer: ExchangeObserver) {
    super(connection, head, source)
    this.res = res
    this.observer = observer
    if (res !== undefined) own(res, this)
  }

  get connection(): ExchangeConnection {
    return this.owner
  }

  headed(closes: boolean): boolean {
    const { connection } = this
    const isLast = closes || (this.closes && connection.exchanges.at(-1) === this)
    if (isLast && !connection.isClosing) {
      connection.isClosing = true
      // A client that did not ask for the end may already be sending its next request. Doing this for all would cost a quarter more.
      if (this.res?.shouldKeepAlive === true) closeInStages(connection.socket)
    }
    return isLast
  }

  faulted(error: Error): void {
    this.observer.faulted(this, error)
  }

  /** Whether the whole request has arrived. */
  get isReceived(): boolean {
    return this.res?.req.complete === true
  }

  /** The app has ended the response, but the socket has not taken all of it. */
  get isFlushing(): boolean {
    return this.res?.writableEnded === true
  }

  /** Node has finished the response, and the socket has taken all of it. */
  finish(req: IncomingMessage): void {
    if (!req.complete) this.observer.bodyLeft(this, req)
    this.end('sent')
  }

  /** Records the status of a response that the app wrote directly to the socket. */
  answered(status: number): void {
    this.ownStatus = status
  }

  /**
   * Answers `status` on the socket, bypassing the response if there is one. The connection is closed afterwards. The exchange
   * goes on. `more`: header fields.
   */
  refuse(status: number, more: Readonly<Record<string, string>> = {}): void {
    refuseSocket(this.connection.socket, status, { ...this.observer.fieldsPast(this.head), ...more })
  }

  /** `summary`: a status that replaces that of the response. */
  override end(type: 'sent' | 'aborted', summary?: ResponseSummary): void {
    if (this.isOver) return
    super.end(type, summary)
    this.observer.exchangeEnded(this.owner)
  }

  /** Built property by property, because it is made for every request. */
  protected override outcome(type: 'sent' | 'aborted', summary?: ResponseSummary): RequestOutcome {
    const { failure, res } = this
    const status = summary?.status ?? (res?.headersSent === true ? res.statusCode : this.ownStatus)
    if (failure !== undefined) {
      const { error } = failure
      return this.detailed(
        status === undefined ? { type: 'failed', error } : { type: 'failed', status, error },
      )
    }
    return this.detailed(status === undefined ? { type } : { type, status })
  }

  private detailed(outcome: RequestOutcome): RequestOutcome {
    return this.observer.detailed(outcome, this.res)
  }
}
