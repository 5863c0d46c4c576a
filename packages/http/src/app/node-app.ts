/** What the service needs of an app, whatever it was written as. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * An app on the types of `node:http`. A handler may throw or return a promise that rejects: the service answers 500,
 * or cuts the connection when the head was sent, and logs the error.
 */
export interface NodeApp {
  request(req: IncomingMessage, res: ServerResponse): unknown
  /** Takes over the socket of an upgrade. Absent: a WebSocket is refused with 501, other upgrades are plain requests. */
  readonly upgrade?: TunnelHandler | undefined
  /**
   * Whether `upgrade` is to have this request; `request` gets it otherwise, under the limits and timeouts of any other,
   * and should close the connection after it: before Node.js 22.21 and 24.9 it is closed in any case. May be asked more
   * than once. Must not throw. Absent: `upgrade` gets every one.
   */
  readonly wantsUpgrade?: ((req: IncomingMessage) => boolean) | undefined
  /** Takes over the socket of a CONNECT. Absent: 501. */
  readonly connect?: TunnelHandler | undefined
  /** Answers `Expect: 100-continue`. Absent: `100 Continue`, then `request`. */
  readonly checkContinue?: ExchangeHandler | undefined
  /** Answers any other `Expect`. Absent: 417. */
  readonly checkExpectation?: ExchangeHandler | undefined
  /** Calls back when `upgrade` comes or goes. Only for apps whose handlers change. */
  readonly watchUpgrade?: ((changed: (hasHandler: boolean) => void) => void) | undefined
  /**
   * The worker drains, and the last request is done. What is left are sockets that `upgrade` and `connect` took over: the app
   * ends them now, or they are cut at the deadline. Must not throw.
   */
  readonly requestsDone?: (() => void) | undefined
  /** Releases what the app holds, after the last request. */
  readonly close?: (() => void | Promise<void>) | undefined
}

export type ExchangeHandler = (req: IncomingMessage, res: ServerResponse) => unknown
export type TunnelHandler = (req: IncomingMessage, socket: Duplex, head: Buffer) => unknown
