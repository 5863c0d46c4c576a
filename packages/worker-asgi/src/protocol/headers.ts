/** Header fields as apps see and give them. */

/** One field. Text of one character per byte (Latin-1, code points up to 0xFF), as on the wire. */
export type HeaderPair = readonly [name: string, value: string]

/** What an app may hand to the server: arrays of pairs, `Map`, `Headers`, generators. Read once. */
export type HeadersOut = Iterable<HeaderPair>

/**
 * What the server hands to the app. Iterates over `[name, value]` with lower-case names, in the order of the wire, with
 * duplicates kept and never joined. Nothing is copied or converted before it is asked for.
 */
export interface HeadersIn extends Iterable<HeaderPair> {
  /** Names and values in turn, as on the wire. */
  readonly raw: readonly string[]
  /** The first value of a field. The name may be in any case. */
  get(name: string): string | undefined
  /** Every value of a field, in the order of the wire. */
  getAll(name: string): string[]
  has(name: string): boolean
}
