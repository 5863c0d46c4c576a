/** One request and its response, from the head to the end. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestHead, RequestOutcome } from '@tunicorn/arbiter/worker'
import type { Connection } from './connection.js'

/** What an exchange is made of. */
export interface ExchangeParts {
  readonly connection: Connection
  readonly req: IncomingMessage
  /** Absent for a request that took the socket over: an upgrade or a tunnel. */
  readonly res: ServerResponse | undefined
  readonly head: RequestHead
  readonly startedAtMs: number
  /** Takes the outcome, once. */
  readonly report: (outcome: RequestOutcome) => void
  readonly observer: ExchangeObserver
}

export interface ExchangeObserver {
  /** The exchange is no longer one of its connection's, which may still be open. */
  exchangeEnded(connection: Connection): void
}

/** Ends exactly once, with the true outcome. Made for every request: its members are plain because those are cheapest. */
export class Exchange {
  readonly connection: Connection
  readonly req: IncomingMessage
  readonly res: ServerResponse | undefined
  /** Method and target as they came; an app may change them on `req`. */
  readonly head: RequestHead
  readonly startedAtMs: number
  private readonly report: (outcome: RequestOutcome) => void
  private readonly observer: ExchangeObserver
  private failure: { readonly error: unknown } | undefined = undefined
  private isEnded = false

  constructor(parts: ExchangeParts) {
    this.connection = parts.connection
    this.req = parts.req
    this.res = parts.res
    this.head = parts.head
    this.startedAtMs = parts.startedAtMs
    this.report = parts.report
    this.observer = parts.observer
  }

  /** The response was ended by the app, but the socket has not taken all of it. */
  get isFlushing(): boolean {
    return this.res?.writableEnded === true
  }

  /** Remembers that the app failed: however the exchange ends, its outcome is `failed`. `false`: it had failed before. */
  fail(error: unknown): boolean {
    if (this.failure !== undefined) return false
    this.failure = { error }
    return true
  }

  /** Reports the outcome. The first call counts. `status` replaces the one of the response. */
  end(type: 'sent' | 'aborted', status?: number): void {
    if (this.isEnded) return
    this.isEnded = true
    this.connection.remove(this)
    const code = status ?? (this.res?.headersSent === true ? this.res.statusCode : undefined)
    this.report(this.outcome(type, code))
    this.observer.exchangeEnded(this.connection)
  }

  private outcome(type: 'sent' | 'aborted', status: number | undefined): RequestOutcome {
    if (this.failure === undefined) return status === undefined ? { type } : { type, status }
    const { error } = this.failure
    return status === undefined ? { type: 'failed', error } : { type: 'failed', status, error }
  }
}
