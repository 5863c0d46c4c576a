/** The socket of a handshake that is held: nobody else looks at it meanwhile. */
import type { Duplex } from 'node:stream'

/** A client that leaves only ends its side. */
export function hold(socket: Duplex, lost: () => void): void {
  socket.on('error', destroy).on('end', destroy).on('close', lost)
}

/** Somebody else looks at the socket from now on. */
export function release(socket: Duplex, lost: () => void): void {
  socket.off('error', destroy).off('end', destroy).off('close', lost)
}

/** A listener that all sockets share. */
function destroy(this: Duplex): void {
  this.destroy()
}
