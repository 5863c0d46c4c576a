/** The header fields of a request, straight from Node's parser. */
import type { HeaderPair, HeadersIn } from '../protocol/headers.js'

/** Lazy: names are converted to lower case during iteration. */
export class RawHeaders implements HeadersIn {
  readonly raw: readonly string[]

  constructor(raw: readonly string[]) {
    this.raw = raw
  }

  *[Symbol.iterator](): Iterator<HeaderPair> {
    const { raw } = this
    for (let index = 0; index < raw.length; index += 2) yield [lowerCase(raw[index]), raw[index + 1] ?? '']
  }

  get(name: string): string | undefined {
    const { raw } = this
    const wanted = name.toLowerCase()
    for (let index = 0; index < raw.length; index += 2)
      if (lowerCase(raw[index]) === wanted) return raw[index + 1]
    return undefined
  }

  getAll(name: string): string[] {
    const wanted = name.toLowerCase()
    return [...this].flatMap(([given, value]) => (given === wanted ? [value] : []))
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }
}

function lowerCase(name: string | undefined): string {
  return name === undefined ? '' : name.toLowerCase()
}
