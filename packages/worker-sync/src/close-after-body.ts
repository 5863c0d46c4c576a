/** Keeps a response from being lost when the app answers without reading the whole request. */
import type { IncomingMessage } from 'node:http'

const lingerMs = 1_000

/**
 * Makes the server read the rest of the request, for a moment, before it closes the connection. A socket that is
 * closed with unread bytes sends a reset, and a reset can overtake the response.
 */
export function closeAfterBody(req: IncomingMessage): void {
  const { socket } = req
  const destroySoon = socket.destroySoon.bind(socket)
  // What Node calls after the last response of a connection.
  socket.destroySoon = () => {
    if (req.complete || socket.destroyed) return destroySoon()
    // The client sees the end of the connection, and this side goes on reading.
    socket.end()
    const timer = setTimeout(() => socket.destroy(), lingerMs)
    req.once('end', destroySoon)
    socket.once('close', () => clearTimeout(timer))
    req.resume()
  }
}
