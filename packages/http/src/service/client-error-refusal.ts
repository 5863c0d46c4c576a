/** Why Node could not read a request, and how that is answered. */
import type { Refusal } from '../refusals/refusal.js'

const malformed: Refusal = { status: 400, reason: 'malformed' }

const byCode: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'head', limit: 'limitRequestHead' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, reason: 'body' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'timeout' },
}

/** Decides by the code of Node's error. An unknown code is treated as a malformed request. */
export function clientErrorRefusal(error: Error): Refusal {
  const code = 'code' in error ? error.code : undefined
  return (typeof code === 'string' ? byCode[code] : undefined) ?? malformed
}

/** Node has read something after a request with `connection: close`. */
export function isBehindTheLast(error: Error): boolean {
  return 'code' in error && error.code === 'HPE_CLOSED_CONNECTION'
}

/** The client ended its side in the middle of a request. */
export function isCutShort(error: Error): boolean {
  return 'code' in error && error.code === 'HPE_INVALID_EOF_STATE'
}

/** A head or a body did not arrive in time. */
export function isLate(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
}

/** What was sent is malformed or late. Any other error is that of a socket that failed. */
export function isOfHttp(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && /^(?:HPE|ERR_HTTP)_/.test(error.code)
}
