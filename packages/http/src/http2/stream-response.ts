/** The response of a stream: an HTTP/1.1 response without its framing. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StreamSocket } from './stream-socket.js'

/** Changes are made to the object itself, because frameworks replace its prototype. */
export function createStreamResponse(
  Response: typeof ServerResponse,
  req: IncomingMessage,
  socket: StreamSocket,
): ServerResponse {
  // HTTP/1.1, so that the response may have trailers.
  setVersion(req, 1, 1)
  const res = new Response(req)
  setVersion(req, 2, 0)
  const { addTrailers, end, writeHead } = res
  res.writeHead = (...args: unknown[]) => {
    Reflect.apply(writeHead, res, args)
    // The head says what it would in HTTP/1.1; the body follows without chunks.
    res.chunkedEncoding = false
    return res
  }
  res.end = (...args: unknown[]) => {
    socket.isEnding = true
    Reflect.apply(end, res, args)
    return res
  }
  res.addTrailers = trailers => {
    // Node's own method checks whether they may be sent.
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
