/** Early hints as they may be sent. */
import { ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http'

const guarded = Symbol.for('tunicorn.early-hints')

type EarlyHints = Parameters<ServerResponse['writeEarlyHints']>

/**
 * Makes every response of this process refuse hints with a line break, of which Node checks only links before version 24,
 * and send none to HTTP/1.0 (RFC 9110, 15.2). Changed where all responses have it from, so that those pay nothing that
 * send no hints. Idempotent.
 */
export function guardEarlyHints(): void {
  const prototype = ServerResponse.prototype
  const { writeEarlyHints } = prototype
  if (guarded in writeEarlyHints) return
  const checked = function (this: ServerResponse, hints: EarlyHints[0], done?: EarlyHints[1]): void {
    for (const [name, value] of Object.entries(hints)) {
      validateHeaderName(name)
      for (const one of Array.isArray(value) ? value : [value]) validateHeaderValue(name, one)
    }
    if (this.req.httpVersion === '1.0') done?.()
    else writeEarlyHints.call(this, hints, done)
  }
  prototype.writeEarlyHints = Object.assign(checked, { [guarded]: true })
}
