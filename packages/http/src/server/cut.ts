/** Ends a connection in the middle of a response. */
import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { rawSocketOf } from './raw-socket.js'

/**
 * Destroys the socket so that a response that was begun never looks complete. A response whose end is the end of the
 * connection would look complete after an ordinary close; it is cut with a reset.
 */
export function cut(socket: Duplex, res?: ServerResponse): void {
  const endsWithConnection = res?.headersSent === true && !res.chunkedEncoding
  // Only TCP can be reset; a Unix socket has no address of its own, whatever its proxy says of the other end.
  if (endsWithConnection && socket instanceof Socket && socket.localAddress !== undefined) {
    // An encrypted one cannot be reset itself.
    const raw = rawSocketOf(socket) ?? socket
    raw.resetAndDestroy()
  } else socket.destroy()
}
