/** Answers a request that the app has already. */
import type { ServerResponse } from 'node:http'
import type { Exchange } from './exchange.js'
import { inTurn } from './in-turn.js'

/**
 * A body that grew above the limit while the app was reading it. The answer goes past the app's own response, which
 * the app may begin at any time: for the app this is a client that leaves.
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
