/** Decides whether a request head breaks a limit. */

import type { IncomingMessage } from 'node:http'
import type { WorkerSettings } from '@tunicorn/arbiter/worker'

/** The limits of a request. Bytes and counts; 0 = off. */
export type RequestLimits = Pick<
  WorkerSettings,
  'limitRequestLine' | 'limitRequestFields' | 'limitRequestFieldSize' | 'limitRequestBody'
>

/** Two spaces and `HTTP/1.1`. */
const lineOverhead = 10

/**
 * The status to refuse a request with, from its head alone, or `undefined` when it may go on.
 *
 * - 414: the request line is longer than `limitRequestLine`;
 * - 431: more fields than `limitRequestFields`, or one that is larger than `limitRequestFieldSize`;
 * - 413: a `Content-Length` above `limitRequestBody`.
 */
export function refusalStatus(req: IncomingMessage, limits: RequestLimits): 413 | 414 | 431 | undefined {
  const { limitRequestLine, limitRequestFields, limitRequestBody } = limits
  const lineBytes = (req.method?.length ?? 0) + (req.url?.length ?? 0) + lineOverhead
  if (limitRequestLine > 0 && lineBytes > limitRequestLine) return 414
  if (limitRequestFields > 0 && req.rawHeaders.length > limitRequestFields * 2) return 431
  if (hasLargeField(req.rawHeaders, limits.limitRequestFieldSize)) return 431
  if (limitRequestBody > 0 && Number(req.headers['content-length'] ?? 0) > limitRequestBody) return 413
  return undefined
}

/** Node reads heads as latin1, so the length of a string is its number of bytes. */
function hasLargeField(rawHeaders: readonly string[], limit: number): boolean {
  if (limit === 0) return false
  for (let index = 0; index < rawHeaders.length; index += 2) {
    // The name, `: ` and the value.
    const bytes = (rawHeaders[index]?.length ?? 0) + 2 + (rawHeaders[index + 1]?.length ?? 0)
    if (bytes > limit) return true
  }
  return false
}
