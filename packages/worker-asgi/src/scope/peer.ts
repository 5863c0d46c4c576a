/** The two ends of a connection. They are read once per connection, because reading them from a socket is slow. */

import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Forwarded } from '@tunicorn/http'
import type { Address, ServerAddress, TlsInfo } from '../protocol/scopes.js'
import { tlsInfoOf } from './tls-info.js'

export interface Peer {
  readonly client: Address | null
  readonly server: ServerAddress | null
  readonly isSecure: boolean
  /** Absent: this server does not encrypt the connection. */
  readonly tls?: TlsInfo
}

/** `unixPath`: the name of the server for a connection over a Unix socket. */
export function peerOf(socket: Duplex, unixPath: string | undefined): Peer {
  const tls = tlsInfoOf(socket)
  const isSecure = tls !== undefined || Reflect.get(socket, 'encrypted') === true
  if (!(socket instanceof Socket) || socket.remoteAddress === undefined) {
    const server: ServerAddress | null =
      unixPath === undefined ? null : Object.freeze([unixPath, null] as const)
    return { client: null, server, isSecure }
  }
  // Frozen, because the requests of a connection share them.
  return {
    client: Object.freeze([socket.remoteAddress, socket.remotePort ?? 0] as const),
    server: Object.freeze([socket.localAddress ?? '', socket.localPort ?? 0] as const),
    isSecure,
    ...(tls && { tls }),
  }
}

/** The client that a trusted proxy speaks for; `peer` itself if there is no such proxy. */
export function forwardedPeer(peer: Peer, forwarded: Forwarded | undefined): Peer {
  if (forwarded === undefined) return peer
  return {
    client: forwarded.client === undefined ? peer.client : [forwarded.client, forwarded.clientPort ?? 0],
    ...(peer.tls && { tls: peer.tls }),
    server: peer.server,
    isSecure: forwarded.scheme === undefined ? peer.isSecure : forwarded.scheme === 'https',
  }
}
