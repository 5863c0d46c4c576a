/** The socket of a stream on an encrypted connection. What apps ask of a `TLSSocket` is answered by that of the connection. */
import type { ServerHttp2Stream } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { StreamSocket } from './stream-socket.js'

/** How the client is identified, and how the connection is encrypted. */
const methods = [
  'getCipher',
  'getCertificate',
  'getPeerCertificate',
  'getPeerX509Certificate',
  'getProtocol',
  'getSession',
  'getX509Certificate',
  'isSessionReused',
] as const
const properties = ['alpnProtocol', 'authorizationError', 'authorized', 'encrypted', 'servername'] as const

export class SecureStreamSocket extends StreamSocket {
  readonly tlsSocket: TLSSocket

  constructor(stream: ServerHttp2Stream, tlsSocket: TLSSocket) {
    super(stream, tlsSocket)
    this.tlsSocket = tlsSocket
  }
}

for (const name of methods)
  Object.defineProperty(SecureStreamSocket.prototype, name, {
    configurable: true,
    value(this: SecureStreamSocket, ...args: unknown[]) {
      return Reflect.apply(this.tlsSocket[name], this.tlsSocket, args)
    },
  })

for (const name of properties)
  Object.defineProperty(SecureStreamSocket.prototype, name, {
    configurable: true,
    get(this: SecureStreamSocket) {
      return this.tlsSocket[name]
    },
  })
