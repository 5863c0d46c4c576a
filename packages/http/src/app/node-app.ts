/** What the service needs of an app, whatever its kind. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * An app in terms of the types of `node:http`. A handler may throw or return a promise that rejects. The service then logs the
 * error and answers 500, or cuts the connection if the head was already sent.
 */
export interface NodeApp {
  request(req: IncomingMessage, res: ServerResponse): unknown
  /** Takes over the socket of an upgrade. Absent: a WebSocket is refused with 501, and other upgrades are plain requests. */
  readonly upgrade?: TunnelHandler | undefined
  /**
   * Whether `upgrade` should get this request. Otherwise `request` gets it, under the usual limits and timeouts, and should
   * close the connection after it; before Node.js 22.21 and 24.9 the connection is closed in any case. May be called more
   * than once. Must not throw. Absent: `upgrade` gets every upgrade.
   */
  readonly wantsUpgrade?: ((req: IncomingMessage) => boolean) | undefined
  /** Takes over the socket of a CONNECT. Absent: 501. */
  readonly connect?: TunnelHandler | undefined
  /** Answers `Expect: 100-continue`. Absent: `100 Continue`, then `request`. */
  readonly checkContinue?: ExchangeHandler | undefined
  /** Answers any other `Expect`. Absent: 417. */
  readonly checkExpectation?: ExchangeHandler | undefined
  /** Calls `changed` when `upgrade` is added or removed. Only for apps whose handlers change. */
  readonly watchUpgrade?: ((changed: (hasHandler: boolean) => void) => void) | undefined
  /**
   * The worker drains, and the last request is done. Only sockets that `upgrade` and `connect` took over are left. The app
   * should end them now; otherwise they are cut at the deadline. Must not throw.
   */
  readonly requestsDone?: (() => void) | undefined
  /** Releases what the app holds, after the last request. */
  readonly close?: (() => void | Promise<void>) | undefined
}

export type ExchangeHandler = (req: IncomingMessage, res: ServerResponse) => unknown
export type TunnelHandler = (req: IncomingMessage, socket: Duplex, head: Buffer) => unknown
