/** What trusted proxies say of the client: `X-Forwarded-For`, `-Proto` and `-Host`. */
import type { IncomingMessage } from 'node:http'
import type { TrustedPeers } from './trusted-peers.js'

/** Each property is present only when a trusted proxy gave it. */
export interface Forwarded {
  readonly scheme?: 'http' | 'https'
  /** With its port, when there is one. */
  readonly host?: string
  /** Address of the client. */
  readonly client?: string
}

const hostPattern = /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i

/**
 * Reads the forwarded headers of a request, or returns `undefined` when there are none or the peer is not trusted.
 *
 * Every proxy appends to these lists, so the entries on the right were written by the nearest ones. Only the entries
 * of trusted proxies count: what a client puts on the left is never believed.
 */
export function readForwarded(req: IncomingMessage, peers: TrustedPeers): Forwarded | undefined {
  const { headers, socket } = req
  const proto = headers['x-forwarded-proto']
  const host = headers['x-forwarded-host']
  const chain = headers['x-forwarded-for']
  if (proto === undefined && host === undefined && chain === undefined) return undefined
  if (!peers.trusts(socket.remoteAddress)) return undefined
  const addresses = listOf(chain)
  const hops = countHops(addresses, peers)
  const scheme = entryOf(listOf(proto), hops)?.toLowerCase()
  const name = entryOf(listOf(host), hops)
  const client = entryOf(addresses, hops)
  return {
    ...(scheme === 'http' || scheme === 'https' ? { scheme } : {}),
    ...(name !== undefined && hostPattern.test(name) ? { host: name } : {}),
    ...(client !== undefined ? { client } : {}),
  }
}

/** How many proxies in a row are trusted, from the peer outwards. */
function countHops(addresses: readonly string[], peers: TrustedPeers): number {
  const untrusted = addresses.findLastIndex(address => !peers.trusts(address))
  return addresses.length - untrusted
}

/** The entry that the outermost trusted proxy wrote; shorter lists were begun by a nearer one. */
function entryOf(list: readonly string[], hops: number): string | undefined {
  return list[Math.max(0, list.length - hops)]
}

function listOf(value: string | string[] | undefined): readonly string[] {
  const text = Array.isArray(value) ? value.join(',') : (value ?? '')
  return text.split(',').flatMap(part => part.trim() || [])
}
