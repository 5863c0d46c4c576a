/** What happens when an app throws or its promise rejects. */

import type { ServerResponse } from 'node:http'
import type { Logger } from '@tunicorn/arbiter/worker'
import { cut } from '../server/cut.js'
import { answerStatus } from '../server/refuse.js'
import type { Exchange } from './exchange.js'

/** Answers 500 without detail; when the head was sent already, cuts the connection. */
export function failResponse(
  exchange: Exchange,
  res: ServerResponse,
  { error, log }: { readonly error: unknown; readonly log: Logger },
): void {
  if (!logFailure(exchange, error, log)) return
  if (res.writableEnded) return
  if (res.headersSent) return cut(exchange.connection.socket, res)
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  answerStatus(res, 500)
}

/** Logs the error and makes it the outcome. `false`: nothing to do, since it is known or says that the client left. */
export function logFailure(exchange: Exchange, error: unknown, log: Logger): boolean {
  const { method, target } = exchange.head
  if (exchange.connection.socket.destroyed && isDisconnect(error)) {
    log.debug(`Client left during ${method} ${target}`, { error })
    return false
  }
  if (!exchange.fail(error)) return false
  log.error(`Error handling request ${method} ${target}`, { error })
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
