/** The request of a stream: Node's own `IncomingMessage`, but not fed by a parser. */
import { IncomingMessage } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type { StreamSocket } from './stream-socket.js'

/** What arrived before the body. */
export interface StreamHead {
  /** Names and values in turn, including pseudo-header fields. */
  readonly raw: readonly string[]
  /** The request has no body. */
  readonly isWhole: boolean
}

/** Changes are made to the object itself, because frameworks replace its prototype. */
export function createStreamRequest(
  { raw, isWhole }: StreamHead,
  stream: ServerHttp2Stream,
  socket: StreamSocket,
): IncomingMessage {
  const req = new IncomingMessage(socket)
  const { method, target, fields } = requestParts(raw)
  req.method = method
  req.url = target
  addFields(req, fields)
  if (isWhole) {
    req.complete = true
    req.push(null)
    return req
  }
  feed(req, stream, socket)
  return req
}

function feed(req: IncomingMessage, stream: ServerHttp2Stream, socket: StreamSocket): void {
  const read = req._read
  req._read = size => {
    Reflect.apply(read, req, [size])
    stream.resume()
  }
  stream.on('data', (chunk: Buffer) => {
    socket.received += chunk.length
    if (!req.destroyed && !req.push(chunk)) stream.pause()
  })
  let trailers: readonly string[] = []
  stream.on('trailers', (_, __, rawTrailers = []) => {
    trailers = rawTrailers
  })
  stream.on('end', () => {
    // `end` is also emitted when the client gives up.
    if (stream.aborted || req.destroyed) return
    req.complete = true
    addFields(req, trailers)
    req.push(null)
  })
  // Paused until the app reads.
  stream.pause()
}

/**
 * Adds header fields, or the trailers of a complete request, as Node's parser does: `headers` and the like are made on first
 * use. The method is not documented, and saves a tenth of the cost of a request here.
 */
function addFields(req: IncomingMessage, raw: readonly string[]): void {
  Reflect.apply(Reflect.get(req, '_addHeaderLines'), req, [raw, raw.length])
}

interface RequestParts {
  readonly method: string
  readonly target: string
  /** As in HTTP/1.1: the authority is the host, and there is one `Cookie` (RFC 9113, 8.2.3 and 8.3.1). */
  readonly fields: string[]
}

export function requestParts(raw: readonly string[]): RequestParts {
  let method = ''
  let path: string | undefined
  let authority: string | undefined
  let cookieAt = -1
  const fields: string[] = []
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const value = raw[index + 1] ?? ''
    if (name === ':method') method = value
    else if (name === ':path') path = value
    else if (name === ':authority') authority = value
    else if (name.startsWith(':')) continue
    else if (name === 'cookie' && cookieAt !== -1) fields[cookieAt] = `${fields[cookieAt]}; ${value}`
    else {
      if (name === 'cookie') cookieAt = fields.length + 1
      fields.push(name, value)
    }
  }
  const isHostSaid = fields.some(
    (name, index) => index % 2 === 0 && name === 'host' && fields[index + 1] === authority,
  )
  // A `Host` that differs stays beside it, and the request is refused like any with two hosts.
  if (authority !== undefined && !isHostSaid) fields.unshift('host', authority)
  return { method, target: path ?? authority ?? '', fields }
}
