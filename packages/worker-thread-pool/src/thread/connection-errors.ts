/** The errors that an app gets when a connection is closed, in Node's words. */
import type { AbortReason } from '../protocol/messages.js'

export function abortError(reason: AbortReason): Error {
  if (reason === 'timeout') return new DOMException('The request ran past the timeout', 'TimeoutError')
  // Node's server says this when a client leaves.
  return Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
}

/** Node's error for a write on a closed connection. */
export function streamDestroyed(): Error {
  const error = new Error('Cannot call write after a stream was destroyed')
  return Object.assign(error, { code: 'ERR_STREAM_DESTROYED' })
}
