/** Chooses the connections that end after their next answer: see `Worker.shed`. */

export interface Sheddable {
  isShed: boolean
}

/**
 * Marks `count` connections as shed, those with the most in flight first, because they cause the load. Those that were chosen
 * before and are still open count, so that a worker whose connections are idle does not choose them all one after the other.
 * Returns the newly chosen ones.
 */
export function chooseToShed<Each extends Sheddable>(
  connections: readonly Each[],
  count: number,
  inFlight: (connection: Each) => number,
): readonly Each[] {
  const others = connections.filter(({ isShed }) => !isShed)
  const before = connections.length - others.length
  others.sort((a, b) => inFlight(b) - inFlight(a))
  const chosen = others.slice(0, Math.max(0, count - before))
  for (const connection of chosen) connection.isShed = true
  return chosen
}
