/** Answers that the pool gives in place of the app. */
import { type ServerResponse, STATUS_CODES } from 'node:http'

/** Ends the response. `retryAfterS`: when to come back, in seconds. */
export function refuse(res: ServerResponse, status: 503 | 504, retryAfterS: number): void {
  const text = STATUS_CODES[status] ?? 'Error'
  res
    .writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'retry-after': String(retryAfterS),
    })
    .end(text)
}
