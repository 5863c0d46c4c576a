/** Parses HTTP/1.1 responses. Pure. It is made for tests, and accepts what well-behaved servers send. */

export interface HttpResponse {
  readonly status: number
  /** In order, with names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  /** According to its framing, all of it has arrived. */
  readonly isComplete: boolean
  /** Length of the whole response on the wire, as far as it has arrived. */
  readonly bytes: number
}

/** The response at the beginning of the data, or `undefined` until its head is complete. */
export function parseResponse(data: Buffer, hasEnded: boolean): HttpResponse | undefined {
  const headEnd = data.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined
  const [statusLine = '', ...lines] = data.subarray(0, headEnd).toString('latin1').split('\r\n')
  const headers = lines.map(line => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  const status = Number(statusLine.split(' ')[1])
  const start = headEnd + 4
  const framed = parseBody({ status, headers, rest: data.subarray(start), hasEnded })
  return { status, headers, body: framed.body, isComplete: framed.isComplete, bytes: start + framed.bytes }
}

/** The values of a field, in order. */
export function valuesOf({ headers }: Pick<HttpResponse, 'headers'>, name: string): readonly string[] {
  return headers.filter(([other]) => other === name).map(([, value]) => value)
}

interface Body {
  readonly body: Buffer
  readonly isComplete: boolean
  readonly bytes: number
}

interface BodyParts extends Pick<HttpResponse, 'status' | 'headers'> {
  readonly rest: Buffer
  readonly hasEnded: boolean
}

function parseBody({ status, headers, rest, hasEnded }: BodyParts): Body {
  const [length] = valuesOf({ headers }, 'content-length')
  if (status === 101 || status === 204 || status === 304)
    return { body: Buffer.alloc(0), isComplete: true, bytes: 0 }
  if (valuesOf({ headers }, 'transfer-encoding').includes('chunked')) return parseChunks(rest)
  const wanted = length === undefined ? Number.POSITIVE_INFINITY : Number(length)
  const body = rest.subarray(0, wanted)
  const isComplete = length === undefined ? hasEnded : body.length === wanted
  return { body, isComplete, bytes: body.length }
}

function parseChunks(data: Buffer): Body {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = data.indexOf('\r\n', at)
    const size = lineEnd === -1 ? Number.NaN : Number.parseInt(data.toString('latin1', at, lineEnd), 16)
    const next = lineEnd + 2 + size + 2
    if (Number.isNaN(size) || next > data.length)
      return { body: Buffer.concat(chunks), isComplete: false, bytes: data.length }
    if (size === 0) return { body: Buffer.concat(chunks), isComplete: true, bytes: next }
    chunks.push(data.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = next
  }
}
