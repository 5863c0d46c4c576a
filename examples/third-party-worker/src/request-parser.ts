/**
 * Splits a stream of bytes into commands. The parsers on npm are for clients, which trust their server: they keep as much
 * as it announces. This one has a limit, and looks at bytes again only when enough have arrived.
 */

/** A command: its name and its arguments. */
export type Request = readonly Buffer[]

/** The bytes do not follow the protocol, or there are too many. The connection cannot go on. */
export class ProtocolError extends Error {}

/** For the lines that announce how much follows. */
const maxLineBytes = 16

export class RequestParser {
  readonly #maxBytes: number
  #rest: Buffer[] = []
  /** Bytes in `#rest`, and how many are needed to go on. */
  #size = 0
  #needed = 1
  /** How many arguments were announced, those that have arrived, and their bytes. */
  #expected = 0
  #request: Buffer[] = []
  #requestBytes = 0

  /** `maxBytes` is the limit for one command. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Whether part of a command has arrived and the rest has not. */
  get isWithinRequest(): boolean {
    return this.#size > 0 || this.#expected > 0
  }

  /** The commands that are complete with these bytes. @throws ProtocolError */
  *push(chunk: Buffer): Generator<Request, void, undefined> {
    this.#rest.push(chunk)
    this.#size += chunk.length
    if (this.#size < this.#needed) return
    const bytes = this.#rest.length === 1 ? chunk : Buffer.concat(this.#rest)
    let at = 0
    for (;;) {
      const lineEnd = bytes.indexOf('\r\n', at)
      const left = bytes.length - at
      this.#needed = left + 1
      if (lineEnd === -1 && left > maxLineBytes) throw new ProtocolError('too long a line')
      if (lineEnd === -1) break
      const length = lengthIn(bytes.toString('latin1', at, lineEnd), this.#expected === 0 ? '*' : '$')
      if (this.#expected === 0) {
        this.#expected = length
        at = lineEnd + 2
        continue
      }
      const end = lineEnd + 2 + length + 2
      if (this.#requestBytes + end - at > this.#maxBytes) throw new ProtocolError('invalid bulk length')
      this.#needed = end - at
      if (left < this.#needed) break
      // A copy, so that keeping one argument does not keep everything that came with it.
      this.#request.push(Buffer.from(bytes.subarray(lineEnd + 2, end - 2)))
      this.#requestBytes += end - at
      at = end
      if (this.#request.length === this.#expected) yield this.#take()
    }
    this.#size = bytes.length - at
    this.#rest = this.#size === 0 ? [] : [bytes.subarray(at)]
  }

  #take(): Request {
    const request = this.#request
    this.#request = []
    this.#requestBytes = 0
    this.#expected = 0
    return request
  }
}

function lengthIn(line: string, type: '*' | '$'): number {
  if (!line.startsWith(type)) throw new ProtocolError(`expected '${type}', got '${line.slice(0, 1)}'`)
  if (!/^\d{1,10}$/.test(line.slice(1))) throw new ProtocolError('invalid length')
  return Number(line.slice(1))
}
