/** Responses to handshakes that do not become a WebSocket. The connection is closed after them. */
import { type IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { refuseSocket } from '@tunicorn/http'

/** A response to an upgrade, for which Node makes none. Nothing is written before it has the socket. */
export function createUpgradeResponse(req: IncomingMessage): ServerResponse {
  const res = new ServerResponse(req)
  res.shouldKeepAlive = false
  return res
}

/** Writes the response to the socket, and closes the socket when the response is finished. */
export function assignSocket(res: ServerResponse, socket: Duplex): ServerResponse {
  // Every socket of an HTTP server is a net.Socket, but the types of `node:http` do not say so.
  if (!(socket instanceof Socket)) throw new TypeError('The socket of an upgrade is no net.Socket')
  res.assignSocket(socket)
  res.once('finish', () => {
    res.detachSocket(socket)
    socket.destroySoon()
  })
  return res
}

/** Refuses a handshake without calling the app. */
export function refuseUpgrade(socket: Duplex, status: 400 | 426 | 503): undefined {
  refuseSocket(socket, status, moreFields[status])
}

const moreFields = {
  400: {},
  426: { upgrade: 'websocket', 'sec-websocket-version': '13' },
  503: { 'retry-after': '1' },
} as const
