/** Chooses the connections that end after their next answer: see `Worker.shed`. */

export interface Sheddable {
  isShed: boolean
}

/**
 * Marks `count` connections as shed. Those with the most in flight come first, because they cause the load. Connections that were
 * chosen earlier and are still open count too, so that a worker with idle connections does not choose all of them one by one.
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
