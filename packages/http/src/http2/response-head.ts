/** Turns the head of a response that Node's `ServerResponse` wrote into one of HTTP/2. Pure. */

export interface ResponseHead {
  readonly status: number
  /** Names and values in turn. */
  readonly fields: readonly string[]
}

const statusAt = 'HTTP/1.1 '.length

/** `text` is without the empty line at its end. */
export function readHead(text: string): ResponseHead {
  const lines = text.split('\r\n')
  const fields: string[] = []
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    const colon = line.indexOf(':')
    fields.push(line.slice(0, colon), line.slice(colon + 1).trimStart())
  }
  return { status: Number((lines[0] ?? '').slice(statusAt, statusAt + 3)), fields }
}

/** Fields of the connection, which HTTP/2 has none of (RFC 9113, 8.2.2). */
const ofConnection: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
])

/** As `respond` takes them. */
export function outgoingFields(pairs: readonly string[]): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = Object.create(null)
  for (let index = 0; index < pairs.length; index += 2) {
    const name = (pairs[index] ?? '').toLowerCase()
    const value = pairs[index + 1] ?? ''
    if (ofConnection.has(name)) continue
    const before = fields[name]
    if (before === undefined) fields[name] = value
    // Node refuses several values of a field that may have one.
    else if (!single.has(name)) fields[name] = Array.isArray(before) ? [...before, value] : [before, value]
  }
  return fields
}

/** Fields of responses of which there may be one. */
const single: ReadonlySet<string> = new Set([
  'access-control-allow-credentials',
  'access-control-max-age',
  'age',
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-md5',
  'content-range',
  'content-type',
  'date',
  'dnt',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
  'server',
  'tk',
  'x-content-type-options',
])
