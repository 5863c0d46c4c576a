/** The WebSockets of a worker, and the one place where the library behind them is made and asked. */

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { AsgiOptions } from '../runtime/options.js'
import { AppSocket } from './app-socket.js'
import { Heartbeat } from './heartbeat.js'
import type { WebSocketCycle } from './websocket-cycle.js'

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

export class WebSockets {
  readonly #server: WebSocketServer
  readonly #cycles = new Set<WebSocketCycle>()
  readonly #heartbeat: Heartbeat
  #accepting: Acceptance | undefined

  constructor(options: AsgiOptions) {
    this.#heartbeat = new Heartbeat(options, this.#cycles)
    const serverOptions = {
      noServer: true,
      WebSocket: AppSocket,
      clientTracking: false,
      maxPayload: options.wsMaxSize,
      perMessageDeflate: options.wsPerMessageDeflate,
      handleProtocols: () => this.#accepting?.subprotocol ?? false,
      // Newer than the types of the library.
      closeTimeout: closeTimeoutMs,
    }
    this.#server = new WebSocketServer(serverOptions)
    this.#server.on('headers', lines => {
      for (const [name, value] of this.#accepting?.fields ?? []) lines.push(`${name}: ${value}`)
    })
  }

  get size(): number {
    return this.#cycles.size
  }

  /** From the handshake to the end. */
  add(cycle: WebSocketCycle): void {
    this.#cycles.add(cycle)
    this.#heartbeat.start()
  }

  remove(cycle: WebSocketCycle): void {
    this.#cycles.delete(cycle)
    if (this.#cycles.size === 0) this.#heartbeat.stop()
  }

  /** Completes a handshake. `undefined` when the client has left, or asks for something that cannot be. */
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
    for (const cycle of [...this.#cycles]) cycle.stop()
  }
}
