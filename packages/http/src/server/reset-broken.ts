/**
 * Makes sure that a response that breaks off never looks complete. If the end of the connection marks the end of a response, an
 * ordinary close would make it look complete. So the connection is reset, whoever ends it: the app, the server or Node.
 */
import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { rawSocketOf } from './raw-socket.js'

type Destroyed = (error: Error | null) => void

const { _destroy: destroy } = Socket.prototype

/** Replaces `_destroy` of a socket: resets it if `responseOf(socket)`, its present response, is not finished. */
export function resetBroken(
  responseOf: (socket: Socket) => ServerResponse | undefined,
): (this: Socket, error: Error | null, done: Destroyed) => void {
  return function (error, done) {
    if (endsWithConnection(responseOf(this))) reset(this)
    Reflect.apply(destroy, this, [error, done])
  }
}

function endsWithConnection(res: ServerResponse | undefined): boolean {
  return res?.headersSent === true && !res.chunkedEncoding
}

/** Only TCP can be reset. A Unix socket has no local address, whatever its proxy says about the remote end. */
function reset(socket: Socket): void {
  // For an encrypted connection, only the socket under it can be reset.
  if (socket.localAddress !== undefined) (rawSocketOf(socket) ?? socket).resetAndDestroy()
}
