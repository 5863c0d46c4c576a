/** Answers in the order of the requests. */
import type { Exchange } from './exchange.js'

/** Calls `act` once the responses before that of the exchange are sent. It replaces what the exchange was waiting for. */
export function inTurn(exchange: Exchange, act: () => void): void {
  const { connection, res } = exchange
  if (connection.exchanges[0] === exchange) return act()
  if (exchange.turn !== undefined || res === undefined) exchange.turn = act
  // The app has begun: `act` must run before what it has written so far is sent.
  else res.once('socket', act)
}
