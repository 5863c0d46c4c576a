/** The response of a stream: that of HTTP/1.1, without what frames it there. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StreamSocket } from './stream-socket.js'

/** What is changed is set on the object itself, because frameworks replace its prototype. */
export function createStreamResponse(
  Response: typeof ServerResponse,
  req: IncomingMessage,
  socket: StreamSocket,
): ServerResponse {
  // One that may have trailers.
  setVersion(req, 1, 1)
  const res = new Response(req)
  setVersion(req, 2, 0)
  const { addTrailers, end, writeHead } = res
  res.writeHead = (...args: unknown[]) => {
    Reflect.apply(writeHead, res, args)
    // The head says what it would; the body goes on without chunks.
    res.chunkedEncoding = false
    return res
  }
  res.end = (...args: unknown[]) => {
    socket.isEnding = true
    Reflect.apply(end, res, args)
    return res
  }
  res.addTrailers = trailers => {
    // Node's own looks whether they may be sent.
    Reflect.apply(addTrailers, res, [trailers])
    const pairs = Array.isArray(trailers) ? trailers : Object.entries(trailers)
    for (const [name, value] of pairs) socket.trailers[String(name).toLowerCase()] = String(value)
  }
  res.assignSocket(socket)
  // Node's server does this for the sockets of its connections.
  socket.on('drain', () => {
    if (!res.writableEnded) res.emit('drain')
  })
  return res
}

function setVersion(req: IncomingMessage, major: number, minor: number): void {
  req.httpVersion = `${major}.${minor}`
  req.httpVersionMajor = major
  req.httpVersionMinor = minor
}
