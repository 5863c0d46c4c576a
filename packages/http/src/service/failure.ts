/** What happens when an app throws or its promise rejects. */

import type { ServerResponse } from 'node:http'
import type { Logger } from '@tunicorn/arbiter/worker'
import { answerStatus } from '../server/refuse.js'
import type { Exchange } from './exchange.js'
import { inTurn } from './in-turn.js'
import { namesOf } from './request-name.js'

/** Answers 500 without details, or cuts the connection if the head was already sent. */
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

/** Handles a response with wrong framing: answers 500 in its place, or cuts the connection if a part of it was sent. */
export function failFraming(exchange: Exchange, error: Error, log: Logger): void {
  if (!logFailure(exchange, error, log)) return
  const { connection, res } = exchange
  const { socket } = connection
  connection.isClosing = true
  connection.isRefused = true
  // What the app writes in this turn of the event loop leaves only at its end.
  if (res === undefined || isHeadOut(res)) return void setImmediate(() => socket.destroy())
  inTurn(exchange, () => {
    if (res.socket === socket) res.detachSocket(socket)
    // To the app, this looks like a client that leaves.
    socket.once('close', () => leave(res))
    exchange.refuse(500)
    exchange.end('sent', { status: 500 })
  })
}

/** Node 20 and 22 emit no `close` for a destroyed response without a socket; later versions do. */
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

/** Whether any of it was passed to the socket. `headersSent` is also true for a head that Node still holds. */
function isHeadOut(res: ServerResponse): boolean {
  // Not documented. If a Node release removes it, the value is `undefined`, which counts as sent.
  return res.headersSent && Reflect.get(res, '_headerSent') !== false
}

/** Logs the error and makes it the outcome. `false`: there is nothing to do, because it is known or means that the client left. */
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

/** Errors that streams and signals raise when the other side leaves. */
function isDisconnect(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'AbortError' || ('code' in error && disconnectCodes.has(error.code))
}
