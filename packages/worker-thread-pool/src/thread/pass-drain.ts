/** Node's server passes a socket's `drain` on to its response. A thread has no server, so this does it. */
import type { ServerResponse } from 'node:http'
import type { RequestSocket } from './request-socket.js'

/** A second call for the same socket does nothing. */
export function passDrain(socket: RequestSocket, res: ServerResponse): void {
  if (socket.listenerCount('drain') > 0) return
  Object.defineProperty(res, 'writableNeedDrain', {
    configurable: true,
    get: () => socket.writableNeedDrain,
  })
  socket.on('drain', () => {
    if (!res.writableEnded) res.emit('drain')
  })
}
