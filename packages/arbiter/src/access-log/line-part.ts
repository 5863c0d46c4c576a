/** One part of every line of an access log, made from one value of a request. */
import type { AccessEntry } from './access-entry.js'

/** `undefined`: the request has no such value. */
export type Value = string | number | undefined

/** Marks that no value has been written yet. */
const nothing: unique symbol = Symbol('nothing')

/** Finds a value of a request. */
export type Atom = (entry: AccessEntry) => Value

/**
 * Writes its value as text, and keeps the last text. Most values are the same in the next request, and comparing them costs less
 * than scanning them for characters to escape.
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

/** Starts a line with `first`, and appends the parts in order. */
export function joined(first: string, parts: readonly LinePart[], entry: AccessEntry): string {
  let line = first
  for (const part of parts) line += part.of(entry)
  return line
}
