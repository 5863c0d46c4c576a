/** Refuses a request that the app has already received. */
import type { ServerResponse } from 'node:http'
import type { Exchange } from './exchange.js'
import { inTurn } from './in-turn.js'

/**
 * The body exceeded its limit while the app was reading it. The app may begin its own response at any time, so the answer
 * bypasses that response. To the app, this looks like a client that leaves.
 */
export function refuseBody(exchange: Exchange, res: ServerResponse, status: number): void {
  const { connection } = exchange
  connection.isClosing = true
  connection.isRefused = true
  if (res.headersSent) return void connection.socket.destroy()
  inTurn(exchange, () => {
    exchange.refuse(status)
    exchange.end('sent', { status })
  })
}
