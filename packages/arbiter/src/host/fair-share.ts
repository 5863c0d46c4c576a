/** A worker's share of the connections of its group. Pure. */

/** What one worker knows. Each index is a seat. Each value is the number of connections plus one, or 0 where nobody accepts. */
export interface KnownSeats {
  readonly seats: Int32Array
  readonly own: number
  /** Seats that did not take what was left to them, with their value at that time. They are not waited for until the value changes. */
  readonly passed: ReadonlyMap<number, number>
}

/**
 * How many connections this worker may hold before it yields: the fewest that another worker holds, plus a small margin. The
 * margin grows with the number: among many connections, one more or less makes no difference to the load, and yielding would only
 * cost.
 */
export function fairShare(known: KnownSeats): number {
  const { seats, own } = known
  let fewest = Number.POSITIVE_INFINITY
  for (let seat = 0; seat < seats.length; seat += 1)
    if (seat !== own && counts(known, seat)) fewest = Math.min(fewest, (seats[seat] ?? 0) - 1)
  return fewest + 1 + Math.floor(fewest / 8)
}

/**
 * How many of its connections this worker should give to others: its surplus over the average, provided that this is worth the
 * cost of new connections. 0 = none.
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

/** Whether a worker accepts there and takes what is left to it. Called for each seat, many times a second. */
function counts({ seats, passed }: KnownSeats, seat: number): boolean {
  const value = seats[seat] ?? 0
  return value > 0 && passed.get(seat) !== value
}
