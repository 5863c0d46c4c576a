/** The open connections of a worker, in no order. */

/** A member that knows its own index in the set. */
export interface Placed {
  place: number
}

/**
 * Not a `Set`: each time a `Set` grows, it allocates a new table. Once the old table is old garbage, it keeps everything that
 * was in it alive, including the sockets, until the next full collection.
 */
export class ConnectionSet<Each extends Placed> implements Iterable<Each> {
  readonly #all: Each[] = []

  get size(): number {
    return this.#all.length
  }

  /** No connection may be deleted during the iteration. Code that closes connections iterates over a copy. */
  [Symbol.iterator](): Iterator<Each> {
    return this.#all.values()
  }

  add(connection: Each): void {
    connection.place = this.#all.length
    this.#all.push(connection)
  }

  /** The last connection takes its place. */
  delete(connection: Each): void {
    const last = this.#all.pop()
    if (last === undefined || last === connection) return
    last.place = connection.place
    this.#all[last.place] = last
  }
}
