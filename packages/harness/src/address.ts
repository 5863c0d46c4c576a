import type { Server } from 'node:net'

/** Where a client connects: a TCP port or a Unix socket. */
export type Address =
  | { readonly port: number; readonly host?: string }
  /** Path of a Unix socket. */
  | { readonly path: string }

/** What `net.connect` and `http.request` need to reach an address, or the URL that a log line names. */
export function connectionTo(address: Address | string): { port: number; host: string } | { path: string } {
  if (typeof address === 'string') return connectionTo(parse(address))
  if ('path' in address) return { path: address.path }
  return { port: address.port, host: address.host ?? '127.0.0.1' }
}

function parse(url: string): Address {
  if (url.startsWith('unix:')) return { path: url.slice('unix:'.length) }
  const { hostname, port, protocol } = new URL(url)
  const defaultPort = protocol === 'https:' ? 443 : 80
  return { port: port === '' ? defaultPort : Number(port), host: hostname.replace(/^\[|\]$/g, '') }
}

/** The TCP port that a server in the test process listens on. */
export function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new TypeError('The server listens on no TCP port')
  return address.port
}
