/** Distinguishes a WebSocket handshake from other uses of `Upgrade`. */
import type { IncomingMessage } from 'node:http'

/**
 * Whether a client asks for a WebSocket over HTTP/1.1. `Upgrade` counts only if `Connection` names it. Clients also offer
 * `h2c`, which may be declined by ignoring it.
 */
export function isWebSocketUpgrade({ method, httpVersionMinor, headers }: IncomingMessage): boolean {
  const isUpgrade = hasToken(headers.upgrade, 'websocket') && hasToken(headers.connection, 'upgrade')
  return isUpgrade && method === 'GET' && httpVersionMinor === 1
}

function hasToken(value: string | undefined, token: string): boolean {
  return value?.split(',').some(part => part.trim().toLowerCase() === token) ?? false
}
