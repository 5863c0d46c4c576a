/**
 * A response that breaks off never looks complete. One whose end is the end of the connection would look complete after an
 * ordinary close, so the connection is reset, whoever ends it: the app, the server or Node.
 */
import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { rawSocketOf } from './raw-socket.js'

type Destroyed = (error: Error | null) => void

const { _destroy: destroy } = Socket.prototype

/** For a socket in the place of its own `_destroy`: resets it in the middle of `responseOf(socket)`, its present response. */
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

/** Only TCP can be reset; a Unix socket has no address of its own, whatever its proxy says of the other end. */
function reset(socket: Socket): void {
  // An encrypted one cannot be reset itself.
  if (socket.localAddress !== undefined) (rawSocketOf(socket) ?? socket).resetAndDestroy()
}
