/**
 * Declines an offer to upgrade. A server may ignore the offer and answer as usual. But a Node that does not ask first (before
 * 22.21 and 24.9) has detached the parser by then. So the request is put back into its socket without the upgrade, and the
 * same server reads it again, under the same limits and timeouts. Its connection is closed after it.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { rawSocketOf } from '../server/raw-socket.js'
import type { Connection } from './connection.js'

/** A request that Node has handed over together with its socket. */
export interface TunnelRequest {
  readonly req: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** It returns as a `request` of `server` once the previous responses are sent, because the next parser does not know about them. */
export function putBack(server: Server, connection: Connection, tunnel: TunnelRequest): void {
  const last = connection.exchanges.at(-1)?.res
  if (last !== undefined) last.once('finish', () => readAgain(server, connection, tunnel))
  else readAgain(server, connection, tunnel)
}

/** Restores the fields that the client sent with a request that was put back. Call before anyone reads them. */
export function restoreFields(connection: Connection, req: IncomingMessage): void {
  if (connection.putBack === undefined) return
  req.rawHeaders = connection.putBack.rawHeaders
  connection.putBack = undefined
}

function readAgain(server: Server, connection: Connection, { req, socket, head }: TunnelRequest): void {
  // The previous response was the last one.
  if (socket.destroyed || socket.writableEnded) return
  connection.putBack = req
  if (head.length > 0) socket.unshift(head)
  socket.unshift(Buffer.from(headOf(req), 'latin1'))
  // Clears the timeout that the previous response set for an idle connection.
  connection.socket.setTimeout(0)
  server.emit(rawSocketOf(socket) === undefined ? 'connection' : 'secureConnection', socket)
}

function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  let head = `${method} ${url} HTTP/${httpVersion}\r\n`
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (!/^(?:upgrade|connection)$/i.test(name)) head += `${name}: ${rawHeaders[index + 1]}\r\n`
  }
  return `${head}Connection: close\r\n\r\n`
}
