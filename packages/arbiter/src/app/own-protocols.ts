/** Apps that bring a server with TLS or HTTP/2 of its own: workers speak HTTP/1.1 in plain text, and would serve them so. */
import { givesListener, hasMethod, isServer, member } from './kind.js'

/** `TLS`, `HTTP/2` or both: what the server that an app is or hangs on (Fastify) speaks beside plain HTTP/1.1. Pure. */
export function ownProtocols(app: unknown): string | undefined {
  const server = givesListener(app) ? member(app, 'server') : app
  if (!isServer(server)) return undefined
  // By what they can do: a server may come from another realm, and loading `node:http2` costs every boot.
  const found = [
    ...(hasMethod(server, 'setSecureContext') ? ['TLS'] : []),
    ...(hasMethod(server, 'updateSettings') ? ['HTTP/2'] : []),
  ]
  return found.length === 0 ? undefined : found.join(' and ')
}
