/** The scope of a WebSocket. */
import type { WebSocketScope } from '../protocol/scopes.js'
import { asgiInfo, flag } from '../runtime/shared.js'
import type { ScopeParts } from './http-scope.js'
import { RawHeaders } from './raw-headers.js'
import type { RequestContext } from './request-context.js'

export function webSocketScope(
  { req, target, peer, runtime, subprotocols }: ScopeParts & { readonly subprotocols: readonly string[] },
  context: RequestContext,
): WebSocketScope {
  const scope: WebSocketScope = {
    type: 'websocket',
    asgi: asgiInfo,
    httpVersion: '1.1',
    scheme: peer.isSecure ? 'wss' : 'ws',
    path: target.path,
    rawPath: target.rawPath,
    queryString: target.queryString,
    rootPath: target.rootPath,
    headers: new RawHeaders(req.rawHeaders),
    client: peer.client,
    server: peer.server,
    subprotocols,
    extensions: {
      'websocket.http.response': flag,
      server: context,
      ...(peer.tls && { tls: peer.tls }),
    },
  }
  return runtime.state === undefined ? scope : { ...scope, state: { ...runtime.state } }
}
