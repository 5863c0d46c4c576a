/** Turns the head of a response that Node's `ServerResponse` wrote into one of HTTP/2. Pure. */

export interface ResponseHead {
  readonly status: number
  /** As `respond` takes them. */
  readonly fields: Record<string, string | string[]>
  /** Where what comes behind the head begins. */
  readonly end: number
}

const statusAt = 'HTTP/1.1 '.length

/** Reads the head at the beginning of `text`. Undefined: it has not come to its end. */
export function readHead(text: string): ResponseHead | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const fields: Record<string, string | string[]> = Object.create(null)
  // Also the end of the last line.
  for (let at = text.indexOf('\r\n') + 2; at < end; ) {
    const colon = text.indexOf(':', at)
    const lineEnd = text.indexOf('\r\n', at)
    addField(fields, text.slice(at, colon).toLowerCase(), text.slice(colon + 1, lineEnd).trimStart())
    at = lineEnd + 2
  }
  return { status: Number(text.slice(statusAt, statusAt + 3)), fields, end: end + 4 }
}

function addField(fields: Record<string, string | string[]>, name: string, value: string): void {
  if (ofConnection.has(name)) return
  const before = fields[name]
  if (before === undefined) fields[name] = value
  // Node refuses several values of a field that may have one.
  else if (!single.has(name)) fields[name] = Array.isArray(before) ? [...before, value] : [before, value]
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
