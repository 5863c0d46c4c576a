/** The open connections of a worker, in no order. */

/** What knows its own index in the set. */
export interface Placed {
  place: number
}

/**
 * Not a `Set`: each time one of those makes itself a new table, the old one, once it is old garbage, keeps all that were in it
 * then, with their sockets, until the next full collection.
 */
export class ConnectionSet<Each extends Placed> implements Iterable<Each> {
  readonly #all: Each[] = []

  get size(): number {
    return this.#all.length
  }

  /** None may be deleted meanwhile: who closes them goes through a copy. */
  [Symbol.iterator](): Iterator<Each> {
    return this.#all.values()
  }

  add(connection: Each): void {
    connection.place = this.#all.length
    this.#all.push(connection)
  }

  /** The last one takes its place. */
  delete(connection: Each): void {
    const last = this.#all.pop()
    if (last === undefined || last === connection) return
    last.place = connection.place
    this.#all[last.place] = last
  }
}
