/** The open connections of a worker, in no order. */

/** A member that knows its own index in the set. */
export interface Placed {
  place: number
}

/**
 * Not a `Set`: each time a `Set` allocates a new table, the old table, once it is old garbage, keeps everything that was in it
 * alive, including the sockets, until the next full collection.
 */
export class ConnectionSet<Each extends Placed> implements Iterable<Each> {
  readonly #all: Each[] = []

  get size(): number {
    return this.#all.length
  }

  /** None may be deleted meanwhile: code that closes them iterates over a copy. */
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
