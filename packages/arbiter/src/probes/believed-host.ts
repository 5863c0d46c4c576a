/**
 * A page on the web can have its own name resolve to 127.0.0.1, and its script then reads what is served there ("DNS rebinding").
 * The browser tells the name, in `Host`: at a loopback address only names that mean this machine are answered. At an address that
 * others reach, every name may be right.
 */
import { type AddressInfo, isIP } from 'node:net'
import { hostname } from 'node:os'

/** Says whether a `Host` is one to be answered at this address. */
export function hostJudge(address: AddressInfo | string): (host: string | undefined) => boolean {
  if (typeof address === 'string' || !isLoopback(address.address)) return () => true
  // Old programs and probes by hand send none; browsers always do.
  return host => host === undefined || isThisMachine(nameIn(host))
}

function isThisMachine(name: string): boolean {
  return name === 'localhost' || name === hostname().toLowerCase() || isLoopback(name)
}

function isLoopback(text: string): boolean {
  if (isIP(text) === 4) return text.startsWith('127.')
  return text === '::1' || text.startsWith('::ffff:127.')
}

/** Without the port, and without the brackets of an IPv6 address. */
function nameIn(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
}
