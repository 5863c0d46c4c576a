/** Which header fields can be sent. */
import { validateHeaderName, validateHeaderValue } from 'node:http'

/** Names beyond this number are checked each time. So are fields with more than this many characters. */
const limits = { names: 100, characters: 200 }

/** Checks fields, and remembers valid ones: an app sends the same few with nearly every response. */
export class SendableFields {
  /** The last valid value of each name. */
  readonly #known = new Map<string, string>()

  /** Whether the name is a token and the value is Latin-1 text without control characters (RFC 9110, 5.1 and 5.5). */
  has(name: string, value: string): boolean {
    const known = this.#known
    if (known.get(name) === value) return true
    try {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    } catch {
      return false
    }
    if (name.length + value.length <= limits.characters && (known.size < limits.names || known.has(name)))
      known.set(name, value)
    return true
  }
}
