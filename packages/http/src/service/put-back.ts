/**
 * Declines an offer to upgrade. A server may ignore it and answer as usual, but a Node that does not ask first (before
 * 22.21 and 24.9) has let go of the parser by then. So the request is put back into its socket without the upgrade, and
 * read again by the same server, under the same limits and timeouts. Its connection is closed after it.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { rawSocketOf } from '../server/raw-socket.js'
import type { Connection } from './connection.js'

/** A request that Node has handed over with its socket. */
export interface TunnelRequest {
  readonly req: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** Comes back as a `request` of `server`, once the responses before it are sent: the next parser knows nothing of them. */
export function putBack(server: Server, connection: Connection, tunnel: TunnelRequest): void {
  const last = connection.exchanges.at(-1)?.res
  if (last !== undefined) last.once('finish', () => readAgain(server, connection, tunnel))
  else readAgain(server, connection, tunnel)
}

/** Gives a request that was put back the fields that the client has sent. Before anybody reads them. */
export function restoreFields(connection: Connection, req: IncomingMessage): void {
  if (connection.putBack === undefined) return
  req.rawHeaders = connection.putBack.rawHeaders
  connection.putBack = undefined
}

function readAgain(server: Server, connection: Connection, { req, socket, head }: TunnelRequest): void {
  // The response before it was the last one.
  if (socket.destroyed || socket.writableEnded) return
  connection.putBack = req
  if (head.length > 0) socket.unshift(head)
  socket.unshift(Buffer.from(headOf(req), 'latin1'))
  // What the response before it has set for an idle connection.
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
