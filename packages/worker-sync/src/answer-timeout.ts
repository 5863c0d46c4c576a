/** Ends a request that has taken too long. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { refuseSocket } from '@tunicorn/http'

/**
 * Answers 504 in place of the app. The answer goes past the app's own response, which the app may still begin: what it
 * writes from now on is lost.
 */
export function answerTimeout({ socket }: IncomingMessage, res: ServerResponse): void {
  res.detachSocket(socket)
  refuseSocket(socket, 504)
}
