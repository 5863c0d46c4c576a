/**
 * How a connection is closed while the client may still be sending (RFC 9112, 9.6).
 *
 * A socket that is closed with unread bytes in its receive buffer sends a reset, and a reset can overtake the answer. So the
 * client sees the end of the connection first, and what it still sends is read and discarded.
 */
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** How long a client may be silent. */
const silenceMs = 1000
/** How long the server reads from a client that continues to send. */
const patienceMs = 10_000

/** Makes Node close the socket in stages after the last response. */
export function closeInStages(socket: Socket): void {
  socket.destroySoon = endSoon
}

/** Shared by all sockets. */
function endSoon(this: Socket): void {
  endInStages(this)
}

/** Ends a connection in stages now. What was written is sent first. */
export function endInStages(socket: Socket): void {
  socket.end()
  // If the client has ended its side too, nothing more can arrive.
  if (!socket.readableEnded) hearOut(socket)
}

/** Destroys an ended socket once the client has been silent, or has been read from, for long enough. */
export function hearOut(socket: Duplex): void {
  const startedAtMs = performance.now()
  let bytesSeen = -1
  const look = (): void => {
    const bytes = socket instanceof Socket ? socket.bytesRead : bytesSeen
    if (bytes === bytesSeen || performance.now() - startedAtMs >= patienceMs) return void socket.destroy()
    bytesSeen = bytes
    timer = setTimeout(look, silenceMs)
  }
  let timer = setTimeout(look, silenceMs)
  bytesSeen = socket instanceof Socket ? socket.bytesRead : bytesSeen
  socket.once('close', () => clearTimeout(timer))
  socket.resume()
}
