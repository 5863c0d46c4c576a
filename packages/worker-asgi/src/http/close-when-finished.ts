/** Ends a connection after its response. */
import type { ServerResponse } from 'node:http'

/** Closes the connection once the whole response has been handed to the socket. */
export function closeWhenFinished(res: ServerResponse): void {
  const { socket } = res.req
  if (res.writableFinished) socket.destroySoon()
  else res.once('finish', () => socket.destroySoon())
}
