/** Keeps invalid early hints from being sent. */
import { ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http'

const guarded = Symbol.for('tunicorn.early-hints')

type EarlyHints = Parameters<ServerResponse['writeEarlyHints']>

/**
 * Makes every response of this process refuse hints with a line break, which Node before version 24 checks only in links.
 * Also sends no hints to HTTP/1.0 clients (RFC 9110, 15.2). The prototype of all responses is changed, so that responses
 * without hints pay nothing. Idempotent.
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
