/** What threads are told about an encrypted connection. Read once per connection, because every request needs it. */
import type { Socket } from 'node:net'
import { clientCertificates, isEncrypted } from '@tunicorn/http'
import type { TlsPeer } from '../protocol/messages.js'

const known = new WeakMap<Socket, TlsPeer>()

/** Undefined for a connection that is not encrypted. */
export function tlsPeerOf(socket: Socket): TlsPeer | undefined {
  if (!isEncrypted(socket)) return undefined
  const found = known.get(socket)
  if (found) return found
  const peer: TlsPeer = {
    isAuthorized: socket.authorized,
    authorizationError: textOf(socket.authorizationError),
    protocol: socket.getProtocol(),
    cipher: { ...socket.getCipher() },
    servername: 'servername' in socket ? socket.servername : undefined,
    chain: [...clientCertificates(socket)],
  }
  known.set(socket, peer)
  return peer
}

/** Depending on its version, Node has a code here, or an error. */
function textOf(error: unknown): string | null {
  if (error === null || error === undefined) return null
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
