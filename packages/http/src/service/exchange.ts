/** One request and its response, from the head to the end. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { RequestHead, RequestOutcome } from '@tunicorn/arbiter/worker'
import { own, type ResponseOwner } from '../server/guarded-response.js'
import { refuseSocket } from '../server/refuse.js'
import type { NodeRequestHead } from './node-request-head.js'

/** What is left of a request that was answered. */
export interface UnreadBody {
  readonly head: NodeRequestHead
  /** All of it has come: what is sent now is of another request. */
  readonly isReceived: boolean
  /** From now on nobody waits for long. */
  drain(): void
  /** Also when the connection was closed. Idempotent. */
  close(): void
}

/** The connection that exchanges are on. */
export interface ExchangeConnection {
  readonly socket: Socket
  /** In the order of their requests, which is the order of the responses. */
  readonly exchanges: readonly Exchange[]
  /** The last response of this connection was decided: a request that comes after it is not served. */
  isClosing: boolean
  /** The server gave its own last answer and waits for the client to leave. */
  isRefused: boolean
  /** A request was answered, and its body has not come to its end. */
  leftover: UnreadBody | undefined
  /** Is called when no exchange is left, and the connection can still be answered on. */
  turn: (() => void) | undefined
  add(exchange: Exchange): void
  remove(exchange: Exchange): void
}

/** What an exchange is made of. */
export interface ExchangeParts {
  readonly connection: ExchangeConnection
  readonly head: NodeRequestHead
  /** Absent for a request that took the socket over: an upgrade or a tunnel. */
  readonly res: ServerResponse | undefined
}

/** Where the accounting comes from. */
export interface ExchangeSource {
  /** The worker's own. */
  beginRequest(head: RequestHead): (outcome: RequestOutcome) => void
}

export interface ExchangeObserver {
  /** Header fields of an answer that goes past the response, or for which there is none. */
  fieldsPast(head: NodeRequestHead): Readonly<Record<string, string>>
  /** Adds to an outcome what the host wants to know of the response. */
  detailed(outcome: RequestOutcome, res: ServerResponse | undefined): RequestOutcome
  /** The response is sent, and the client has not sent all of its request. Called before the exchange ends. */
  bodyLeft(exchange: Exchange, req: IncomingMessage): void
  /** The app has said something in its response that must not be sent. */
  faulted(exchange: Exchange, error: Error): void
  /** The exchange is no longer one of its connection's, which may still be open. */
  exchangeEnded(connection: ExchangeConnection): void
}

/** Ends exactly once, with the true outcome. Made for every request: its members are plain because those are cheapest. */
export class Exchange implements ResponseOwner {
  readonly connection: ExchangeConnection
  /** Absent for a request that took the socket over: an upgrade or a tunnel. */
  readonly res: ServerResponse | undefined
  /** Method and target as they came; an app may change them on the request. */
  readonly head: NodeRequestHead
  /** Is called when the responses before it are sent, and the connection can still be answered on. */
  turn: (() => void) | undefined = undefined
  /** Its response is to be the last of its connection, if no request came behind it before its head is written. */
  closes = false
  private readonly observer: ExchangeObserver
  /** Takes the outcome, once. */
  private readonly report: (outcome: RequestOutcome) => void
  private ownStatus: number | undefined = undefined
  private failure: { readonly error: unknown } | undefined = undefined
  private isEnded = false

  constructor({ connection, head, res }: ExchangeParts, source: ExchangeSource, observer: ExchangeObserver) {
    this.connection = connection
    this.res = res
    this.head = head
    this.observer = observer
    this.report = source.beginRequest(head)
    connection.add(this)
    if (res !== undefined) own(res, this)
  }

  headed(closes: boolean): boolean {
    const { connection } = this
    const isLast = closes || (this.closes && connection.exchanges.at(-1) === this)
    if (isLast) connection.isClosing = true
    return isLast
  }

  faulted(error: Error): void {
    this.observer.faulted(this, error)
  }

  /** Whether the whole request has come. */
  get isReceived(): boolean {
    return this.res?.req.complete === true
  }

  /** The response was ended by the app, but the socket has not taken all of it. */
  get isFlushing(): boolean {
    return this.res?.writableEnded === true
  }

  /** Node has finished the response, and the socket has taken all of it. */
  finish(req: IncomingMessage): void {
    if (!req.complete) this.observer.bodyLeft(this, req)
    this.end('sent')
  }

  /** Remembers the status of a response that the app wrote past the server. */
  answered(status: number): void {
    this.ownStatus = status
  }

  /** Remembers that the app failed: however the exchange ends, its outcome is `failed`. `false`: it had failed before. */
  fail(error: unknown): boolean {
    if (this.failure !== undefined) return false
    this.failure = { error }
    return true
  }

  /**
   * Answers `status` past the response, if there is one, after which the connection is closed. The exchange goes on. `more`:
   * header fields.
   */
  refuse(status: number, more: Readonly<Record<string, string>> = {}): void {
    refuseSocket(this.connection.socket, status, { ...this.observer.fieldsPast(this.head), ...more })
  }

  /** Reports the outcome. The first call counts. `status` replaces the one of the response. */
  end(type: 'sent' | 'aborted', status?: number): void {
    if (this.isEnded) return
    this.isEnded = true
    this.connection.remove(this)
    const code = status ?? (this.res?.headersSent === true ? this.res.statusCode : this.ownStatus)
    this.report(this.observer.detailed(this.outcome(type, code), this.res))
    this.observer.exchangeEnded(this.connection)
  }

  private outcome(type: 'sent' | 'aborted', status: number | undefined): RequestOutcome {
    if (this.failure === undefined) return status === undefined ? { type } : { type, status }
    const { error } = this.failure
    return status === undefined ? { type: 'failed', error } : { type: 'failed', status, error }
  }
}
