/**
 * Finds two TCP addresses that cannot both listen. The kernel lets both be bound, and refuses the second one when a worker
 * begins to listen. Pure.
 */
import type { AddressInfo } from 'node:net'
import type { BoundSocket } from './bind.js'

type Place = Pick<BoundSocket, 'key' | 'address'>

/** What is wrong with the two, and what to do. `undefined`: nothing is wrong. */
export function overlapOf(one: Place, other: Place): string | undefined {
  // A socket that was handed over may have been bound to IPv6 only.
  if (one.key.startsWith('fd://') || other.key.startsWith('fd://')) return undefined
  const pairs = [
    [one, other],
    [other, one],
  ] as const
  for (const [wide, narrow] of pairs) {
    const meaning = meaningOf(wide.address, narrow.address)
    if (meaning)
      return `it overlaps with ${other.key}: ${meaning}. Leave ${narrow.key} out, or choose another port`
  }
  return undefined
}

/** What the first address is, if it takes all connections to the second. */
function meaningOf(wide: AddressInfo | string, narrow: AddressInfo | string): string | undefined {
  if (typeof wide === 'string' || typeof narrow === 'string' || wide.port !== narrow.port) return undefined
  if (wide.address === '::') return '[::] is every address of this machine, of IPv4 and of IPv6'
  const isEveryV4 = wide.address === '0.0.0.0' && narrow.family === 'IPv4'
  return isEveryV4 ? '0.0.0.0 is every IPv4 address of this machine' : undefined
}
