import type { Socket } from 'node:net'
import type { ProxiedPeer } from './prefix.js'

/** From now on the socket reports what the proxy said about the remote end. Its local end stays as it is. */
export function takePeer(socket: Socket, { address, port, family }: ProxiedPeer): void {
  Object.defineProperties(socket, {
    remoteAddress: { value: address, configurable: true },
    remotePort: { value: port, configurable: true },
    remoteFamily: { value: family, configurable: true },
  })
}
