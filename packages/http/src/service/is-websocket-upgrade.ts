/** Tells a WebSocket handshake from other uses of `Upgrade`. */
import type { IncomingMessage } from 'node:http'

/** `Upgrade` counts only when `Connection` names it; clients offer `h2c` too, which may be declined by ignoring it. */
export function isWebSocketUpgrade(req: IncomingMessage): boolean {
  return hasToken(req.headers.upgrade, 'websocket') && hasToken(req.headers.connection, 'upgrade')
}

function hasToken(value: string | undefined, token: string): boolean {
  return value?.split(',').some(part => part.trim().toLowerCase() === token) ?? false
}
