/** Ends a request that has taken too long. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

const status = 504
const text = STATUS_CODES[status] ?? ''
const answer = [
  `HTTP/1.1 ${status} ${text}`,
  'content-type: text/plain; charset=utf-8',
  `content-length: ${text.length}`,
  'connection: close',
  '',
  text,
].join('\r\n')
const lingerMs = 1_000

/**
 * Answers 504 in place of the app. The answer goes past the app's own response, which the app may still begin: what it
 * writes from now on is lost.
 */
export function answerTimeout(req: IncomingMessage, res: ServerResponse): void {
  const { socket } = req
  res.detachSocket(socket)
  socket.end(answer)
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(timer))
  req.resume()
}

/** Cuts the connection, so that a response that was begun never looks complete. */
export function cut(socket: Socket): void {
  // Only TCP can be reset; a Unix socket has no remote address.
  if (socket.remoteAddress !== undefined) socket.resetAndDestroy()
  else socket.destroy()
}
