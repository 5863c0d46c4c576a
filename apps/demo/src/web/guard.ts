/**
 * Who may ask for what. The demo can kill workers and deploy broken code, so it listens on the loopback address only. Every
 * page that is open in the same browser can still send requests there. Four checks keep such pages out:
 *
 * - `Host` must be a name of this machine: a foreign name that was made to resolve to 127.0.0.1 (DNS rebinding) is refused.
 * - The client must be on this machine, even if somebody binds another address.
 * - `Origin`, if there is one, must be this page's own. Browsers send it with every request that can have an effect, and with WebSockets.
 * - A request that changes something must have the token in this page, which no other origin can read.
 */
import { timingSafeEqual } from 'node:crypto'

/** What a decision depends on. */
export interface Caller {
  readonly method: string
  /** Field `Host`. */
  readonly host: string | undefined
  /** Field `Origin`. */
  readonly origin: string | undefined
  /** Field `X-Demo-Token`. */
  readonly token: string | undefined
  /** Absent on a Unix socket, which only this user can open. */
  readonly address: string | undefined
}

export interface Refusal {
  readonly status: 403 | 421
  readonly reason: string
}

const localHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/
const loopback = /^(127\.|::1$|::ffff:127\.)/
const harmless: readonly string[] = ['GET', 'HEAD']

/** Why this request must not be served, or undefined if it may be. */
export function refusalOf(caller: Caller, token: string): Refusal | undefined {
  const { method, host = '', origin, address } = caller
  if (!localHost.test(host))
    return { status: 421, reason: `This demo answers only as localhost or 127.0.0.1, not as "${host}"` }
  if (address !== undefined && !loopback.test(address))
    return { status: 403, reason: 'This demo answers only clients on its own machine' }
  if (origin !== undefined && origin !== `http://${host}`)
    return { status: 403, reason: `Pages of ${origin} may not use this demo` }
  if (!harmless.includes(method) && !isSame(caller.token, token))
    return { status: 403, reason: 'A request that changes something needs the token of the page' }
  return undefined
}

/** Takes constant time, so that its duration reveals nothing about the token. */
function isSame(given: string | undefined, token: string): boolean {
  const a = Buffer.from(given ?? '')
  const b = Buffer.from(token)
  return a.length === b.length && timingSafeEqual(a, b)
}
