/** Checks header fields from the app, and takes out those that only the server may decide about. */
import { describeValue } from '@tunicorn/arbiter/worker'
import { AsgiProtocolError } from '../protocol/errors.js'
import type { SendableFields } from '../runtime/sendable-fields.js'

/** The fields of a response head, in the form that `writeHead` takes, and what the server needs to know of them. */
export interface Fields {
  /** Names and values in turn. */
  readonly list: string[]
  /** -1: not given. */
  readonly contentLength: number
  /** The app asked for chunked encoding. */
  readonly isChunked: boolean
  /** The app asked for the connection to be closed. */
  readonly closes: boolean
  /** Values of `Trailer`, which only a chunked response may have. */
  readonly trailer: string | undefined
  readonly hasServer: boolean
}

/**
 * Reads the fields of a response.
 *
 * `Transfer-Encoding`, `Connection` and `Keep-Alive` are taken out. Node would write them as they are, and a client reads a
 * response with the wrong framing as two.
 *
 * @throws AsgiProtocolError when something is not a field, or could not be sent
 */
export function readFields(headers: unknown, sendable: SendableFields): Fields {
  const list: string[] = []
  let contentLength = -1
  let isChunked = false
  let closes = false
  let hasServer = false
  let trailer: string | undefined
  for (const field of iterate(headers)) {
    const pair = asPair(field, sendable)
    const name = pair[0]
    const value = pair[1]
    // The length separates the few names that matter from most others.
    switch (name.length) {
      case 6:
        if (name.toLowerCase() === 'server') hasServer = true
        break
      case 7:
        if (name.toLowerCase() !== 'trailer') break
        trailer = trailer === undefined ? value : `${trailer}, ${value}`
        continue
      case 10: {
        const lower = name.toLowerCase()
        if (lower === 'connection') closes ||= /\bclose\b/i.test(value)
        if (lower === 'connection' || lower === 'keep-alive') continue
        break
      }
      case 14:
        if (name !== 'content-length' && name.toLowerCase() !== 'content-length') break
        contentLength = parseLength(value, contentLength)
        continue
      case 17:
        if (name.toLowerCase() !== 'transfer-encoding') break
        isChunked ||= /\bchunked\b/i.test(value)
        continue
    }
    list.push(name, value)
  }
  return { list, contentLength, isChunked, closes, trailer, hasServer }
}

/** Pairs that are valid fields, or an error. Used for trailers and for the handshake of a WebSocket. */
export function readPairs(headers: unknown, sendable: SendableFields): [name: string, value: string][] {
  return Array.from(iterate(headers), field => {
    const { 0: name, 1: value } = asPair(field, sendable)
    return [name, value]
  })
}

function iterate(headers: unknown): Iterable<unknown> {
  if (headers === undefined) return []
  if (typeof headers === 'object' && headers !== null && Symbol.iterator in headers) {
    // Each item that it yields is checked.
    return headers as Iterable<unknown>
  }
  throw new AsgiProtocolError('`headers` to be', ['an iterable of [name, value]'], describeValue(headers))
}

/** Returns the field itself, so that nothing new is allocated. */
function asPair(field: unknown, sendable: SendableFields): readonly [string, string] {
  if (!Array.isArray(field) || field.length !== 2)
    throw new AsgiProtocolError('a header field to be', ['[name, value]'], describeValue(field))
  const name: unknown = field[0]
  const value: unknown = field[1]
  if (typeof name !== 'string' || typeof value !== 'string')
    throw new AsgiProtocolError(
      'a header field to be',
      ['[string, string]'],
      `[${describeValue(name)}, ${describeValue(value)}]`,
    )
  if (!sendable.has(name, value))
    throw new AsgiProtocolError(
      'a header field to have',
      ['a token as its name and Latin-1 text without control characters as its value'],
      `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
    )
  // Checked just above.
  return field as unknown as readonly [string, string]
}

function parseLength(value: string, earlier: number): number {
  const length = /^\d{1,15}$/.test(value) ? Number(value) : -1
  if (length === -1 || (earlier !== -1 && earlier !== length))
    throw new AsgiProtocolError('`content-length` to be', ['one number'], JSON.stringify(value))
  return length
}
