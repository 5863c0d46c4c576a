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
export function fairShare(known: KnownSeats): number {
  const { seats, own } = known
  let fewest = Number.POSITIVE_INFINITY
  for (let seat = 0; seat < seats.length; seat += 1)
    if (seat !== own && counts(known, seat)) fewest = Math.min(fewest, (seats[seat] ?? 0) - 1)
  return fewest + 1 + Math.floor(fewest / 8)
}

/**
 * How many of its connections this worker should give to others: what it has above the average, when that is worth the new
 * connections. 0 = none.
 */
export function excess(known: KnownSeats): number {
  const { seats, own } = known
  let [workers, connections] = [0, 0]
  for (let seat = 0; seat < seats.length; seat += 1) {
    if (!counts(known, seat)) continue
    workers += 1
    connections += (seats[seat] ?? 0) - 1
  }
  const average = connections / workers
  const above = Math.floor((seats[own] ?? 0) - 1 - average)
  return above >= Math.max(2, average / 4) ? above : 0
}

/** Somebody accepts there, and comes when there is something to take. Looked at for each seat, many times a second. */
function counts({ seats, passed }: KnownSeats, seat: number): boolean {
  const value = seats[seat] ?? 0
  return value > 0 && passed.get(seat) !== value
}
