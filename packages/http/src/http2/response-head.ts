/** Turns the head of a response, as Node's `ServerResponse` wrote it, into an HTTP/2 head. Pure. */

export interface ResponseHead {
  readonly status: number
  /** In the form that `respond` takes. */
  readonly fields: Record<string, string | string[]>
  /** Where the head ends and what follows it begins. */
  readonly end: number
}

const statusAt = 'HTTP/1.1 '.length

/** Reads the head at the beginning of `text`. Undefined: the head is not complete. */
export function readHead(text: string): ResponseHead | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const fields: Record<string, string | string[]> = Object.create(null)
  // The end of the head is also the end of its last line.
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
  // Node refuses several values for a field that may have only one.
  else if (!single.has(name)) fields[name] = Array.isArray(before) ? [...before, value] : [before, value]
}

/** Fields of the connection, which HTTP/2 does not have (RFC 9113, 8.2.2). */
const ofConnection: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
])

/** Response fields that may occur only once. */
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
