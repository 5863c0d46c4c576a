/** What happens when an app throws or its promise rejects. */

import type { ServerResponse } from 'node:http'
import type { Logger } from '@tunicorn/arbiter/worker'
import { answerStatus } from '../server/refuse.js'
import type { Exchange } from './exchange.js'
import { inTurn } from './in-turn.js'
import { namesOf } from './request-name.js'

/** Answers 500 without detail; when the head was sent already, cuts the connection. */
export function failResponse(
  exchange: Exchange,
  res: ServerResponse,
  { error, log }: { readonly error: unknown; readonly log: Logger },
): void {
  if (!logFailure(exchange, error, log)) return
  if (res.writableEnded) return
  if (res.headersSent) return void exchange.connection.socket.destroy()
  const { id } = exchange.head
  for (const name of res.getHeaderNames()) if (res.getHeader(name) !== id) res.removeHeader(name)
  answerStatus(res, 500)
}

/** A response with a framing that would be wrong: 500 in its place, or an end in the middle when some of it is out. */
export function failFraming(exchange: Exchange, error: Error, log: Logger): void {
  if (!logFailure(exchange, error, log)) return
  const { connection, res } = exchange
  const { socket } = connection
  connection.isClosing = true
  connection.isRefused = true
  // What the app has written in this turn is on its way only at the end of it.
  if (res === undefined || isHeadOut(res)) return void setImmediate(() => socket.destroy())
  inTurn(exchange, () => {
    if (res.socket === socket) res.detachSocket(socket)
    // For the app this is a client that leaves.
    socket.once('close', () => leave(res))
    exchange.refuse(500)
    exchange.end('sent', { status: 500 })
  })
}

/** Without a socket, Node 20 and 22 destroy a response in silence; later ones tell it. */
function leave(res: ServerResponse): void {
  let isTold = false
  res.once('close', () => {
    isTold = true
  })
  res.destroy()
  setImmediate(() => {
    if (!isTold) res.emit('close')
  })
}

/** Whether any of it was handed to the socket; `headersSent` is also true of a head that Node still holds. */
function isHeadOut(res: ServerResponse): boolean {
  // Not documented, and `undefined` where it should be gone: then it counts as sent.
  return res.headersSent && Reflect.get(res, '_headerSent') !== false
}

/** Logs the error and makes it the outcome. `false`: nothing to do, since it is known or says that the client left. */
export function logFailure(exchange: Exchange, error: unknown, log: Logger): boolean {
  const { method, target } = exchange.head
  if (exchange.connection.socket.destroyed && isDisconnect(error)) {
    log.debug(`Client left during ${method} ${target}`, { error })
    return false
  }
  if (!exchange.fail(error)) return false
  log.error(`Error handling request ${method} ${target}`, { error, ...namesOf(exchange.head) })
  return true
}

const disconnectCodes: ReadonlySet<unknown> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ABORT_ERR',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
])

/** Errors that streams and signals raise when the other side goes away. */
function isDisconnect(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'AbortError' || ('code' in error && disconnectCodes.has(error.code))
}
