/** Chooses connections that end after their next response. */
import type { Connection } from './connection.js'

/**
 * Those with a request in flight come first: they make the load. Those that were chosen before and are still open count, so
 * that a worker whose connections are idle does not choose them all one after the other.
 */
export function shed(connections: Iterable<Connection>, count: number): void {
  const all = [...connections].filter(isHttp)
  const chosen = all.filter(({ isShed }) => isShed).length
  const others = all.filter(({ isShed }) => !isShed)
  others.sort((a, b) => inFlight(b) - inFlight(a))
  for (const connection of others.slice(0, Math.max(0, count - chosen))) {
    connection.isShed = true
    connection.multiplexed?.leave()
    const last = connection.exchanges.at(-1)
    if (last) last.closes = true
  }
}

function inFlight({ exchanges, multiplexed }: Connection): number {
  return multiplexed?.streams.size ?? exchanges.length
}

/** A tunnel has no next response. */
function isHttp({ isClosing, exchanges }: Connection): boolean {
  return !isClosing && exchanges.every(({ res }) => res !== undefined)
}
