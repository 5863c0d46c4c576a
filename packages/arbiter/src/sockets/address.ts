/**
 * Addresses as users write them and as the arbiter binds them. Parsing is pure. Only binding shows whether an address
 * can be bound.
 */
import { isIPv4, isIPv6 } from 'node:net'
import { resolve } from 'node:path'

/** Where a group accepts connections. */
export type Address = TcpAddress | UnixAddress | { readonly type: 'fd'; readonly fd: number }

interface TcpAddress {
  readonly type: 'tcp'
  readonly host: string
  readonly port: number
  /** It was written with `https://`. */
  readonly isTls?: true
  /** It was written with `h2c://`. */
  readonly isHttp2?: true
}

/** The path of a Unix socket, and how the socket is created. */
export interface UnixAddress {
  readonly type: 'unix'
  readonly path: string
  /** @default 0o600 */
  readonly mode?: number
  /** Absent: the user who binds it. */
  readonly owner?: Owner
}

/** Who owns a file. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** An address, or what is wrong with its text. */
export type AddressParse<Kind extends Address = Address> =
  | { readonly ok: true; readonly address: Kind }
  | { readonly ok: false; readonly problem: string }

/** The forms that {@link parseAddress} understands, for messages. */
export const addressForms =
  'HOST:PORT, :PORT, [v6]:PORT, https://HOST:PORT, h2c://HOST:PORT, unix:PATH or fd://N'

/** Bytes of `sun_path` without its final NUL. libuv silently truncates a longer path. */
export const maxUnixPath: number = process.platform === 'linux' ? 107 : 103
const maxPort = 65_535
const maxDescriptor = 2_147_483_647
const hostName = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i

/**
 * Parses the text of a `bind`. `:PORT` means every IPv4 address, as in Gunicorn. A relative Unix path is resolved
 * from `directory`.
 */
export function parseAddress(text: string, directory: string): AddressParse {
  if (text.startsWith('unix:')) return parseUnix(text.slice('unix:'.length), directory)
  if (text.startsWith('fd://')) return parseDescriptor(text.slice('fd://'.length))
  if (text.startsWith('https://')) return parseMarked(text.slice('https://'.length), { isTls: true })
  if (text.startsWith('h2c://')) return parseMarked(text.slice('h2c://'.length), { isHttp2: true })
  if (text.includes('://')) return wrong('leave the scheme out')
  return parseTcp(text)
}

/** The text that {@link parseAddress} reads back, without the scheme. Equal texts mean equal addresses. */
export function formatAddress(address: Address): string {
  switch (address.type) {
    case 'tcp':
      return isV6(address.host) ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
    case 'unix':
      return `unix:${address.path}`
    case 'fd':
      return `fd://${address.fd}`
  }
}

function parseUnix(path: string, directory: string): AddressParse {
  if (path === '') return wrong('the path is missing')
  if (path.includes('\0')) return wrong('a path has no NUL')
  const absolute = resolve(directory, path)
  const bytes = Buffer.byteLength(absolute)
  if (bytes > maxUnixPath)
    return wrong(`the path of a Unix socket has at most ${maxUnixPath} bytes, ${absolute} has ${bytes}`)
  return { ok: true, address: { type: 'unix', path: absolute } }
}

function parseDescriptor(text: string): AddressParse {
  const fd = Number(text)
  if (!/^\d+$/.test(text) || fd > maxDescriptor) return wrong('the descriptor must be a number')
  if (fd < 3) return wrong('descriptors 0 to 2 are the standard streams')
  return { ok: true, address: { type: 'fd', fd } }
}

function parseMarked(text: string, mark: Pick<TcpAddress, 'isTls' | 'isHttp2'>): AddressParse {
  const parsed = parseTcp(text)
  return parsed.ok ? { ok: true, address: { ...parsed.address, ...mark } } : parsed
}

function parseTcp(text: string): AddressParse<TcpAddress> {
  if (isV6(text)) return wrong(`write an IPv6 address as [${text}]:PORT`)
  const separator = text.lastIndexOf(':')
  if (separator === -1)
    return wrong(/^\d+$/.test(text) ? `did you mean \`:${text}\`?` : 'the port is missing')

  const portText = text.slice(separator + 1)
  if (portText === '') return wrong('the port is missing')
  const port = Number(portText)
  if (!/^\d+$/.test(portText) || port > maxPort) return wrong(`the port must be 0 to ${maxPort}`)

  const host = parseHost(text.slice(0, separator))
  if (host === undefined) return wrong('the host is neither an IP address nor a host name')
  return { ok: true, address: { type: 'tcp', host, port } }
}

function parseHost(text: string): string | undefined {
  if (text === '' || text === '*') return '0.0.0.0'
  if (text.startsWith('[') && text.endsWith(']')) return normalizeV6(text.slice(1, -1))
  if (isIPv4(text)) return text
  // A name made only of digits and dots is a mistyped IP address.
  if (/^[\d.]+$/.test(text) || !hostName.test(text)) return undefined
  return text.toLowerCase()
}

/** One spelling for each IPv6 address, so that equal addresses compare equal. Zones are kept unchanged. */
function normalizeV6(text: string): string | undefined {
  if (!isV6(text)) return undefined
  if (text.includes('%')) return text.toLowerCase()
  return new URL(`http://[${text}]/`).hostname.slice(1, -1)
}

/** Asks Node only if the text may be one: Node compiles a pattern for it, which takes longer than reading all settings. */
function isV6(text: string): boolean {
  return text.indexOf(':') !== text.lastIndexOf(':') && isIPv6(text)
}

function wrong(problem: string): AddressParse<never> {
  return { ok: false, problem }
}
