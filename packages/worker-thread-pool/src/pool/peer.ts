/** The two ends of a connection, as apps see them on `req.socket`. */
import type { Socket } from 'node:net'
import type { Peer } from '../protocol/messages.js'
import { tlsPeerOf } from './tls-peer.js'

export function peerOf(socket: Socket): Peer {
  const { remoteAddress, remotePort, remoteFamily, localAddress, localPort } = socket
  const isEncrypted = 'encrypted' in socket && socket.encrypted === true
  const peer = { remoteAddress, remotePort, remoteFamily, localAddress, localPort, isEncrypted }
  return isEncrypted ? { ...peer, tls: tlsPeerOf(socket) } : peer
}
