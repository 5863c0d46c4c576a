/** Watches a chunked request body on its way to the app: its length, and the trailers after it. */
import type { IncomingMessage } from 'node:http'
import type { Refusal } from './refusal.js'
import { keepTrailers } from './replace-fields.js'
import type { RequestLimits } from './request-limits.js'
import { hasNoUnderscore } from './underscore.js'

const tooLarge: Refusal = { status: 413, reason: 'body', limit: 'limitRequestBody' }
const badName: Refusal = { status: 400, reason: 'field_name' }
const tooMany: Refusal = { status: 431, reason: 'trailers', limit: 'limitRequestFields' }

/**
 * Calls `refused` once when the body exceeds `limitRequestBody`, or its trailers exceed `limitRequestFields`. After that the
 * app gets nothing more of it, not even its end, so that it cannot mistake a cut body for a whole one. Trailers that are never
 * allowed are dropped, and those with an underscore are treated as `headerMap` says.
 */
export function guardBody(
  req: IncomingMessage,
  limits: RequestLimits,
  refused: (refusal: Refusal) => void,
): void {
  const { limitRequestBody, limitRequestFields, headerMap } = limits
  const push = req.push.bind(req)
  // For an upgrade, the part that arrived with the head is already there.
  let bytes = req.readableLength
  let isRefused = false
  const refuse = (refusal: Refusal): true => {
    isRefused = true
    refused(refusal)
    // Keeps the socket reading. What arrives beyond the limit is discarded.
    return true
  }
  req.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    if (isRefused) return true
    if (chunk === null) {
      if (limitRequestFields > 0 && req.rawTrailers.length > limitRequestFields * 2) return refuse(tooMany)
      if (headerMap === 'refuse' && hasBadName(req.rawTrailers)) return refuse(badName)
      if (req.rawTrailers.length > 0)
        keepTrailers(req, name => isAllowed(name) && (headerMap === 'keep' || hasNoUnderscore(name)))
      return push(null)
    }
    bytes += chunk.length
    return limitRequestBody > 0 && bytes > limitRequestBody ? refuse(tooLarge) : push(chunk, encoding)
  }
}

/** Merged into the head, these would say where the message ends, whom it is for or who sends it (RFC 9110, 6.5.1). */
const forbidden: ReadonlySet<string> = new Set([
  ...['transfer-encoding', 'content-length', 'trailer', 'connection', 'keep-alive', 'te', 'upgrade'],
  ...['host', 'expect', 'range', 'max-forwards', 'cache-control', 'pragma'],
  ...['authorization', 'proxy-authorization', 'cookie', 'set-cookie'],
  ...['content-encoding', 'content-type', 'content-range'],
  ...[
    'forwarded',
    'x-forwarded-for',
    'x-forwarded-proto',
    'x-forwarded-host',
    'x-forwarded-port',
    'x-real-ip',
  ],
])

function isAllowed(name: string): boolean {
  return !forbidden.has(name.toLowerCase())
}

function hasBadName(rawTrailers: readonly string[]): boolean {
  return rawTrailers.some((text, index) => index % 2 === 0 && !hasNoUnderscore(text))
}
