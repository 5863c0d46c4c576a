/**
 * Cuts a stream of bytes into commands. The parsers on npm are for clients, which trust their server: they keep whatever
 * is announced. This one refuses it, and looks at bytes again only when enough have come.
 */
import type { RespOptions } from './options.js'

/** A command: its name and its arguments. */
export type Request = readonly Buffer[]

/** The bytes are not of the protocol, or there are too many: the connection cannot go on. */
export class ProtocolError extends Error {}

const newline = 10
const carriageReturn = 13
const dollar = 36
const asterisk = 42
/** The lines of the protocol are short; this is what a person may type in one. */
const maxLineBytes = 16_384

export class RequestParser {
  readonly #limits: RespOptions
  #chunks: Buffer[] = []
  /** Bytes in `#chunks`. */
  #size = 0
  /** Bytes without which nothing can go on. */
  #needed = 1
  /** Bytes of the command so far that are no longer in `#chunks`. */
  #consumed = 0
  /** Arguments that were announced. */
  #expected = 0
  #request: Buffer[] = []

  constructor(limits: RespOptions) {
    this.#limits = limits
  }

  /** Whether a part of a command has come and the rest has not. */
  get isWithinRequest(): boolean {
    return this.#size > 0 || this.#expected > 0
  }

  /** The commands that are complete with these bytes. @throws ProtocolError */
  *push(chunk: Buffer): Generator<Request, void, undefined> {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (this.#size < this.#needed) return
    const bytes = new Bytes(this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks))
    for (let request = this.#next(bytes); request !== undefined; request = this.#next(bytes)) {
      this.#consumed = 0
      if (request.length > 0) yield request
    }
    const rest = bytes.rest()
    this.#chunks = rest.length === 0 ? [] : [rest]
    this.#size = rest.length
  }

  /** The next command; an empty one for an empty line; undefined when it is not complete. */
  #next(bytes: Bytes): Request | undefined {
    if (this.#expected === 0) {
      const line = this.#line(bytes)
      if (line === undefined) return undefined
      if (line[0] !== asterisk) return words(line)
      this.#expected = numberOf(line)
      if (this.#expected > this.#limits.maxArguments) throw new ProtocolError('invalid multibulk length')
      if (this.#expected === 0) return []
    }
    while (this.#request.length < this.#expected) {
      const argument = this.#argument(bytes)
      if (argument === undefined) return undefined
      this.#request.push(argument)
    }
    const request = this.#request
    this.#request = []
    this.#expected = 0
    return request
  }

  #argument(bytes: Bytes): Buffer | undefined {
    const start = bytes.at
    const line = this.#line(bytes)
    if (line === undefined) return undefined
    if (line[0] !== dollar) throw new ProtocolError(`expected '$', got '${printable(line)}'`)
    const length = numberOf(line)
    this.#requireRoom(bytes.at - start + length)
    if (bytes.left < length + 2) {
      this.#needed = bytes.at - start + length + 2
      bytes.at = start
      return undefined
    }
    const argument = bytes.take(length)
    bytes.at += 2
    this.#needed = 1
    this.#consumed += bytes.at - start
    return argument
  }

  #line(bytes: Bytes): Buffer | undefined {
    const line = bytes.line()
    const length = line?.length ?? bytes.left
    if (length > maxLineBytes) throw new ProtocolError('too big inline request')
    this.#needed = line === undefined ? length + 1 : 1
    return line
  }

  #requireRoom(more: number): void {
    if (this.#consumed + more > this.#limits.maxCommandBytes) throw new ProtocolError('invalid bulk length')
  }
}

/** Bytes and how far they are read. */
class Bytes {
  at = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.at
  }

  /** A copy: who keeps one argument must not keep all that came with it. */
  take(length: number): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(this.at, this.at + length))
    this.at += length
    return taken
  }

  /** The next line without its end; undefined when it has not come whole. */
  line(): Buffer | undefined {
    const end = this.#bytes.indexOf(newline, this.at)
    if (end === -1) return undefined
    const hasReturn = end > this.at && this.#bytes[end - 1] === carriageReturn
    const line = this.#bytes.subarray(this.at, hasReturn ? end - 1 : end)
    this.at = end + 1
    return line
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.at)
  }
}

function numberOf(line: Buffer): number {
  const text = line.toString('latin1', 1)
  if (!/^\d{1,10}$/.test(text)) throw new ProtocolError('invalid length')
  return Number(text)
}

/** The form that people type into `nc`. */
function words(line: Buffer): Request {
  const text = line.toString('latin1').trim()
  return text === '' ? [] : text.split(/\s+/).map(word => Buffer.from(word, 'latin1'))
}

function printable(line: Buffer): string {
  return line.toString('latin1', 0, 1).replace(/[^ -~]/, '?')
}
