/** Ends a request that has taken too long. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { refuseSocket } from '@tunicorn/http'

/**
 * Answers 504 in place of the app, with the id of the request in the field `idHeader` (`''`: it has none). The answer goes past the app's own response, which the app may still begin: what it
 * writes from now on is lost.
 */
export function answerTimeout(
  { headers, socket }: IncomingMessage,
  res: ServerResponse,
  idHeader: string,
): void {
  res.detachSocket(socket)
  const id = idHeader === '' ? undefined : headers[idHeader.toLowerCase()]
  refuseSocket(socket, 504, typeof id === 'string' ? { [idHeader]: id } : {})
}
