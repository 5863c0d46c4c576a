/** Answers in the order of the requests. */
import type { Exchange } from './exchange.js'

/** Calls `act` when the responses before that of the exchange are sent, in place of what it waited for. */
export function inTurn(exchange: Exchange, act: () => void): void {
  const { connection, res } = exchange
  if (connection.exchanges[0] === exchange) return act()
  if (exchange.turn !== undefined || res === undefined) exchange.turn = act
  // Its app has begun: before what it has written so far is sent.
  else res.once('socket', act)
}
