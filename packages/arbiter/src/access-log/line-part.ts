/** A piece of every line of an access log, from one value of a request. */
import type { AccessEntry } from './access-entry.js'

/** `undefined`: the request has none. */
export type Value = string | number | undefined

/** No value has been written yet. */
const nothing: unique symbol = Symbol('nothing')

/** Finds a value of a request. */
export type Atom = (entry: AccessEntry) => Value

/**
 * Writes its value as text. The last text is kept: of most values the next request has the same, and to compare them costs
 * less than to look through them for what has to be escaped.
 */
export class LinePart {
  private readonly atom: Atom
  private readonly write: (value: Value) => string
  private value: Value | typeof nothing = nothing
  private text = ''

  constructor(atom: Atom, write: (value: Value) => string) {
    this.atom = atom
    this.write = write
  }

  of(entry: AccessEntry): string {
    const value = this.atom(entry)
    if (value !== this.value) {
      this.text = this.write(value)
      this.value = value
    }
    return this.text
  }
}

/** A line that begins with `first`, and then has its parts, one behind the other. */
export function joined(first: string, parts: readonly LinePart[], entry: AccessEntry): string {
  let line = first
  for (const part of parts) line += part.of(entry)
  return line
}
