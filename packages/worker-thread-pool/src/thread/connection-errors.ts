/** What an app is told of a connection that is closed, in Node's words. */
import type { AbortReason } from '../protocol/messages.js'

export function abortError(reason: AbortReason): Error {
  if (reason === 'timeout') return new DOMException('The request ran past the timeout', 'TimeoutError')
  // What Node's server says when a client leaves.
  return Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
}

/** What Node says of a write whose connection is closed. */
export function streamDestroyed(): Error {
  const error = new Error('Cannot call write after a stream was destroyed')
  return Object.assign(error, { code: 'ERR_STREAM_DESTROYED' })
}
