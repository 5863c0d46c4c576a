/** Ends a request that has taken too long. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { refuseSocket } from '@tunicorn/http'

/**
 * Answers 504 in place of the app, with the id of the request in the field `idHeader` (`''`: requests have no ids). The answer
 * bypasses the app's own response. The app may still begin that, but what it writes from now on is discarded.
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
