/** The peers whose forwarded headers are trusted. */
import { BlockList, isIP } from 'node:net'

/** Addresses and CIDR ranges, or `*` for all. Peers on a Unix socket have no address and are always trusted. */
export class TrustedPeers {
  readonly #ranges = new BlockList()
  readonly #trustsAll: boolean

  /** @throws TypeError when an entry is neither an address, a CIDR range nor `*` */
  constructor(allowed: readonly string[]) {
    this.#trustsAll = allowed.includes('*')
    for (const entry of allowed) if (entry !== '*') this.#add(entry)
  }

  /** `undefined`: a peer on a Unix socket. */
  trusts(address: string | undefined): boolean {
    if (this.#trustsAll || address === undefined) return true
    const family = familyOf(address)
    // An IPv4 peer of a dual-stack listener has a mapped address. The list matches it with IPv4 ranges too.
    return family !== undefined && this.#ranges.check(address, family)
  }

  #add(entry: string): void {
    const [, address = '', prefix] = /^([^/]*)(?:\/(\d+))?$/.exec(entry) ?? []
    const family = familyOf(address)
    if (family === undefined)
      throw new TypeError(`Expected an address, a CIDR range or "*", got \`${entry}\``)
    if (prefix === undefined) this.#ranges.addAddress(address, family)
    else this.#ranges.addSubnet(address, Number(prefix), family)
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  if (version === 0) return undefined
  return version === 4 ? 'ipv4' : 'ipv6'
}
