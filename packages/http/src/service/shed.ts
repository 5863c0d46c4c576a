/** Chooses the connections that end after their next response. */
import { chooseToShed } from '@tunicorn/net'
import type { Connection } from './connection.js'

export function shed(connections: Iterable<Connection>, count: number): void {
  for (const { exchanges, multiplexed } of chooseToShed([...connections].filter(isHttp), count, inFlight)) {
    multiplexed?.leave()
    const last = exchanges.at(-1)
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
