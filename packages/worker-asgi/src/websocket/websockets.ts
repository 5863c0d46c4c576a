/** The WebSockets of a worker. Only this file uses the server of the library behind them. */

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { AsgiOptions } from '../runtime/options.js'
import { AppSocket } from './app-socket.js'
import { type Pingable, PingTimer } from './ping-timer.js'

/** How long a peer may take to answer a close frame. */
const closeTimeoutMs = 10_000

/** A handshake that the app has accepted. */
export interface Acceptance {
  readonly req: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  readonly subprotocol: string | undefined
  /** Further fields of the 101 response, checked. */
  readonly fields: readonly (readonly [string, string])[]
}

/** A WebSocket from its handshake to its end. */
export interface LiveWebSocket extends Pingable {
  /** Closes it with 1012, or refuses its handshake. */
  stop(): void
}

export class WebSockets {
  readonly #server: WebSocketServer
  readonly #all = new Set<LiveWebSocket>()
  readonly #pings: PingTimer
  #accepting: Acceptance | undefined

  constructor(options: AsgiOptions) {
    this.#pings = new PingTimer(options, this.#all)
    const serverOptions = {
      noServer: true,
      WebSocket: AppSocket,
      clientTracking: false,
      maxPayload: options.wsMaxSize,
      perMessageDeflate: options.wsPerMessageDeflate,
      handleProtocols: () => this.#accepting?.subprotocol ?? false,
      // Newer than the library's types.
      closeTimeout: closeTimeoutMs,
    }
    this.#server = new WebSocketServer(serverOptions)
    this.#server.on('headers', lines => {
      for (const [name, value] of this.#accepting?.fields ?? []) lines.push(`${name}: ${value}`)
    })
  }

  get size(): number {
    return this.#all.size
  }

  /** Tracks a WebSocket from its handshake to its end. */
  add(webSocket: LiveWebSocket): void {
    this.#all.add(webSocket)
    this.#pings.start()
  }

  remove(webSocket: LiveWebSocket): void {
    this.#all.delete(webSocket)
    if (this.#all.size === 0) this.#pings.stop()
  }

  /** Completes a handshake. `undefined`: the client has left, or asks for something impossible. */
  accept(acceptance: Acceptance): AppSocket | undefined {
    let accepted: AppSocket | undefined
    this.#accepting = acceptance
    try {
      this.#server.handleUpgrade(acceptance.req, acceptance.socket, acceptance.head, webSocket => {
        if (webSocket instanceof AppSocket) accepted = webSocket
      })
    } finally {
      this.#accepting = undefined
    }
    return accepted
  }

  /** Closes every WebSocket with 1012 and refuses every handshake that is not completed. */
  stop(): void {
    for (const webSocket of [...this.#all]) webSocket.stop()
  }
}
