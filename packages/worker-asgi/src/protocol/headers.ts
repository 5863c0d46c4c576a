/** Header fields as apps receive and send them. */

/** One field. Its text has one character per byte (Latin-1, code points up to 0xFF), as on the wire. */
export type HeaderPair = readonly [name: string, value: string]

/** Fields that an app may pass to the server: arrays of pairs, `Map`, `Headers`, generators. They are read once. */
export type HeadersOut = Iterable<HeaderPair>

/**
 * Fields that the server passes to the app. Iterates over `[name, value]` with lower-case names, in the order of the wire.
 * Duplicates are kept and never joined. Nothing is copied or converted before it is read.
 */
export interface HeadersIn extends Iterable<HeaderPair> {
  /** Names and values in turn, as on the wire. */
  readonly raw: readonly string[]
  /** The first value of a field. The case of the name does not matter. */
  get(name: string): string | undefined
  /** Every value of a field, in the order of the wire. */
  getAll(name: string): string[]
  has(name: string): boolean
}
