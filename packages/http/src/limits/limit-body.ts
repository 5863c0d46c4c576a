/** Counts a request body of unknown length on its way to the app. */
import type { IncomingMessage } from 'node:http'

/**
 * Calls `exceeded` once when more than `limit` bytes of the body have come. From then on the app gets nothing more
 * of it, not even its end, so that it can never take a cut body for a whole one.
 */
export function limitBody(req: IncomingMessage, limit: number, exceeded: () => void): void {
  const push = req.push.bind(req)
  // Of an upgrade, what came with the head is there already.
  let bytes = req.readableLength
  req.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    // `true` keeps the socket reading: what comes after the limit is thrown away.
    if (bytes > limit) return true
    bytes += chunk?.length ?? 0
    if (bytes <= limit) return push(chunk, encoding)
    exceeded()
    return true
  }
}
