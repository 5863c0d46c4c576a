/** What is a worker's share of the connections of its group. Pure. */

/** What one worker knows. Indexes are seats, values connections plus one, and 0 where nobody accepts. */
export interface KnownSeats {
  readonly seats: Int32Array
  readonly own: number
  /** Seats that did not take what was left to them, with the value they had: not waited for while they have it. */
  readonly passed: ReadonlyMap<number, number>
}

/**
 * How many connections this worker may hold before it yields: the fewest that another one holds, and a little more. Where
 * there are many, one more or less makes no difference to the load, and yielding would only cost.
 */
export function fairShare({ seats, own, passed }: KnownSeats): number {
  let fewest = Number.POSITIVE_INFINITY
  for (const [seat, value] of seats.entries())
    if (value > 0 && seat !== own && passed.get(seat) !== value) fewest = Math.min(fewest, value - 1)
  return fewest + 1 + Math.floor(fewest / 8)
}

/**
 * How many of its connections this worker should give to others: what it has above the average, when that is worth the new
 * connections. 0 = none.
 */
export function excess({ seats, own, passed }: KnownSeats): number {
  const held = [...seats].filter((value, seat) => value > 0 && passed.get(seat) !== value)
  const average = held.reduce((sum, value) => sum + value - 1, 0) / held.length
  const above = Math.floor((seats[own] ?? 0) - 1 - average)
  return above >= Math.max(2, average / 4) ? above : 0
}
