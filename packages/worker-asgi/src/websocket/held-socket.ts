/** The socket of a handshake that is held. No other code watches it meanwhile. */
import type { Duplex } from 'node:stream'

/** A client that leaves only ends its side, so `end` destroys the socket. */
export function hold(socket: Duplex, lost: () => void): void {
  socket.on('error', destroy).on('end', destroy).on('close', lost)
}

/** From now on, other code watches the socket. */
export function release(socket: Duplex, lost: () => void): void {
  socket.off('error', destroy).off('end', destroy).off('close', lost)
}

/** A listener that all sockets share. */
function destroy(this: Duplex): void {
  this.destroy()
}
