/** Looks at a chunked request body on its way to the app: how long it becomes, and what comes behind it. */
import type { IncomingMessage } from 'node:http'
import type { Refusal } from './refusal.js'
import type { RequestLimits } from './request-limits.js'

const tooLarge: Refusal = { status: 413, reason: 'body', limit: 'limitRequestBody' }
const tooMany: Refusal = { status: 431, reason: 'trailers', limit: 'limitRequestFields' }

/**
 * Calls `refused` once when more of the body has come than `limitRequestBody`, or more trailers than `limitRequestFields`.
 * From then on the app gets nothing more of it, not even its end, so that it can never take a cut body for a whole one.
 * Trailers that nobody may send are dropped.
 */
export function guardBody(
  req: IncomingMessage,
  limits: RequestLimits,
  refused: (refusal: Refusal) => void,
): void {
  const { limitRequestBody, limitRequestFields } = limits
  const push = req.push.bind(req)
  // Of an upgrade, what came with the head is there already.
  let bytes = req.readableLength
  let isRefused = false
  const refuse = (refusal: Refusal): true => {
    isRefused = true
    refused(refusal)
    // Keeps the socket reading: what comes after the limit is thrown away.
    return true
  }
  req.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    if (isRefused) return true
    if (chunk === null) {
      if (limitRequestFields > 0 && req.rawTrailers.length > limitRequestFields * 2) return refuse(tooMany)
      if (req.rawTrailers.length > 0) req.rawTrailers = allowed(req.rawTrailers)
      return push(null)
    }
    bytes += chunk.length
    return limitRequestBody > 0 && bytes > limitRequestBody ? refuse(tooLarge) : push(chunk, encoding)
  }
}

/** Whoever merges trailers into the head would be told where the message ends, whom it is for or who sends it (RFC 9110, 6.5.1). */
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

function allowed(rawTrailers: readonly string[]): string[] {
  return rawTrailers.filter(
    (_, index) => !forbidden.has((rawTrailers[index - (index % 2)] ?? '').toLowerCase()),
  )
}
