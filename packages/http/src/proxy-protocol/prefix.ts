/**
 * What a proxy sends first to name the client it speaks for: the PROXY protocol, versions 1 and 2, as HAProxy specifies it
 * (https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt, sections 2.1 and 2.2). We have our own parser because the
 * packages on npm need a whole prefix, while bytes arrive from a network in any pieces. They do not distinguish a prefix that
 * is cut short from one that is wrong, and do not say where it ends.
 */
import { isIPv4, isIPv6, SocketAddress } from 'node:net'

export type PrefixVersion = 'v1' | 'v2' | 'auto'

/** The client, as the proxy saw it. */
export interface ProxiedPeer {
  readonly address: string
  readonly port: number
  readonly family: 'IPv4' | 'IPv6'
}

export type Prefix =
  | { readonly type: 'incomplete' }
  | { readonly type: 'wrong' }
  /** `peer`: absent if the proxy speaks for itself or does not know the client. */
  | { readonly type: 'whole'; readonly length: number; readonly peer?: ProxiedPeer }

const incomplete: Prefix = { type: 'incomplete' }
const wrong: Prefix = { type: 'wrong' }

/** Including its CRLF. The specification says that this is enough for the longest addresses. */
const maxLineBytes = 107
/** Addresses and what follows them. The specification allows 64 KiB, but nobody needs that much. */
const maxBlockBytes = 4096
const lineStart = Buffer.from('PROXY ', 'latin1')
const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const headBytes = 16

/** Takes all bytes of a connection so far. `auto` accepts either version, but requires a prefix. */
export function parsePrefix(bytes: Buffer, version: PrefixVersion): Prefix {
  if (bytes.length === 0) return incomplete
  if (version !== 'v2' && begins(bytes, lineStart)) return parseLine(bytes)
  if (version !== 'v1' && begins(bytes, signature)) return parseBlock(bytes)
  return wrong
}

function begins(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length)
  return bytes.compare(start, 0, length, 0, length) === 0
}

function parseLine(bytes: Buffer): Prefix {
  const end = bytes.subarray(0, maxLineBytes).indexOf('\r\n')
  if (end === -1) return bytes.length < maxLineBytes ? incomplete : wrong
  const length = end + 2
  const line = bytes.toString('latin1', 0, end)
  // The rest of the line has no meaning.
  if (/^PROXY UNKNOWN(?: [^\r\n]*)?$/.test(line)) return { type: 'whole', length }
  const match = /^PROXY (TCP[46]) ([^ ]+) ([^ ]+) (\d{1,5}) (\d{1,5})$/.exec(line)
  if (match === null) return wrong
  const [, kind, address = '', proxy = '', port = '', proxyPort = ''] = match
  const isAddress = kind === 'TCP4' ? isIPv4 : isIPv6
  if (!isAddress(address) || !isAddress(proxy) || !isPort(port) || !isPort(proxyPort)) return wrong
  const family = kind === 'TCP4' ? 'IPv4' : 'IPv6'
  return { type: 'whole', length, peer: { address: canonical(address, family), port: Number(port), family } }
}

function isPort(digits: string): boolean {
  return Number(digits) <= 65_535 && String(Number(digits)) === digits
}

function parseBlock(bytes: Buffer): Prefix {
  if (bytes.length < headBytes) return incomplete
  const command = bytes.readUInt8(12)
  const kind = bytes.readUInt8(13)
  const blockBytes = bytes.readUInt16BE(14)
  const isLocal = command === 0x20
  if ((!isLocal && command !== 0x21) || blockBytes > maxBlockBytes) return wrong
  const length = headBytes + blockBytes
  // For LOCAL, whatever the block contains must be skipped.
  const addressBytes = isLocal ? 0 : addressBytesOf(kind)
  if (addressBytes === undefined || addressBytes > blockBytes) return wrong
  if (bytes.length < length) return incomplete
  const block = bytes.subarray(headBytes, length)
  if (addressBytes === 12) return { type: 'whole', length, peer: v4Peer(block) }
  if (addressBytes === 36) return { type: 'whole', length, peer: v6Peer(block) }
  return { type: 'whole', length }
}

/** By family and transport. Undefined: a combination that a stream cannot have. */
function addressBytesOf(kind: number): number | undefined {
  switch (kind) {
    case 0x00:
      return 0
    case 0x11:
      return 12
    case 0x21:
      return 36
    // A Unix socket, whose clients have no address.
    case 0x31:
      return 216
    default:
      return undefined
  }
}

function v4Peer(block: Buffer): ProxiedPeer {
  return { address: block.subarray(0, 4).join('.'), port: block.readUInt16BE(8), family: 'IPv4' }
}

function v6Peer(block: Buffer): ProxiedPeer {
  const groups = Array.from({ length: 8 }, (_, index) => block.readUInt16BE(index * 2).toString(16))
  return { address: canonical(groups.join(':'), 'IPv6'), port: block.readUInt16BE(32), family: 'IPv6' }
}

/** As Node writes socket addresses, so that lists of peers and logs see one spelling. */
function canonical(address: string, family: ProxiedPeer['family']): string {
  return family === 'IPv4' ? address : new SocketAddress({ address, family: 'ipv6' }).address
}
