/** What trusted proxies say of the client: `X-Forwarded-For`, `-Proto` and `-Host`. */
import type { IncomingMessage } from 'node:http'
import type { TrustedPeers } from './trusted-peers.js'

/** Each property is present only when a trusted proxy gave it. */
export interface Forwarded {
  /** `ws` and `wss`, which some proxies say of a WebSocket, are given as these. */
  readonly scheme?: 'http' | 'https'
  /** With its port, when there is one. */
  readonly host?: string
  /** Address of the client, without its port. */
  readonly client?: string
  /** Its port, when the proxy gave one. */
  readonly clientPort?: number
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
  const clients = listOf(chain).map(parseClient)
  const addresses = clients.map(({ address }) => address)
  const hops = countHops(addresses, peers)
  const scheme = entryOf(listOf(proto), hops)
    ?.toLowerCase()
    .replace(/^ws(s?)$/, 'http$1')
  const name = entryOf(listOf(host), hops)
  const client = entryOf(clients, hops)
  return {
    ...(scheme === 'http' || scheme === 'https' ? { scheme } : {}),
    ...(name !== undefined && hostPattern.test(name) ? { host: name } : {}),
    ...(client !== undefined ? { client: client.address } : {}),
    ...(client?.port !== undefined ? { clientPort: client.port } : {}),
  }
}

/** How many proxies in a row are trusted, from the peer outwards. */
function countHops(addresses: readonly string[], peers: TrustedPeers): number {
  const untrusted = addresses.findLastIndex(address => !peers.trusts(address))
  return addresses.length - untrusted
}

/** The entry that the outermost trusted proxy wrote; shorter lists were begun by a nearer one. */
function entryOf<Entry>(list: readonly Entry[], hops: number): Entry | undefined {
  return list[Math.max(0, list.length - hops)]
}

function listOf(value: string | string[] | undefined): readonly string[] {
  const text = Array.isArray(value) ? value.join(',') : (value ?? '')
  return text.split(',').flatMap(part => part.trim() || [])
}

interface Client {
  readonly address: string
  readonly port?: number
}

/** `1.2.3.4`, `1.2.3.4:5`, `::1`, `[::1]` and `[::1]:5`; anything else is kept as it is. */
function parseClient(entry: string): Client {
  const [, v6, v4, port] = /^(?:\[([\da-f:.]+)\]|([\d.]+))(?::(\d{1,5}))?$/i.exec(entry) ?? []
  const address = v6 ?? v4
  if (address === undefined) return { address: entry }
  return port === undefined ? { address } : { address, port: Number(port) }
}
