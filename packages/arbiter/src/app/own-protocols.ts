/** Apps that bring their own server with TLS or HTTP/2. Workers would serve them as HTTP/1.1 in plain text. */
import { givesListener, hasMethod, isServer, member } from './kind.js'

/** `TLS`, `HTTP/2` or both: what an app that is a server, or that has one (Fastify), speaks besides plain HTTP/1.1. Pure. */
export function ownProtocols(app: unknown): string | undefined {
  const server = givesListener(app) ? member(app, 'server') : app
  if (!isServer(server)) return undefined
  // Checks by methods: a server may come from another realm, and loading `node:http2` would slow every boot.
  const found = [
    ...(hasMethod(server, 'setSecureContext') ? ['TLS'] : []),
    ...(hasMethod(server, 'updateSettings') ? ['HTTP/2'] : []),
  ]
  return found.length === 0 ? undefined : found.join(' and ')
}
