/**
 * A web page can make its own name resolve to 127.0.0.1, and its script can then read what is served there ("DNS rebinding"). The
 * browser sends that name in `Host`. At a loopback address, only names that mean this machine are therefore answered. At an
 * address that others can reach, every name may be right.
 */
import { type AddressInfo, isIP } from 'node:net'
import { hostname } from 'node:os'

/** Returns a function that says whether a request with this `Host` is answered at this address. */
export function hostJudge(address: AddressInfo | string): (host: string | undefined) => boolean {
  if (typeof address === 'string' || !isLoopback(address.address)) return () => true
  // Old programs and manual probes send no `Host`; browsers always do.
  return host => host === undefined || isThisMachine(nameIn(host))
}

function isThisMachine(name: string): boolean {
  return name === 'localhost' || name === hostname().toLowerCase() || isLoopback(name)
}

function isLoopback(text: string): boolean {
  if (isIP(text) === 4) return text.startsWith('127.')
  return text === '::1' || text.startsWith('::ffff:127.')
}

/** The name without the port, and without the brackets of an IPv6 address. */
function nameIn(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
}
