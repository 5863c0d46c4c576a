/** The scope of a request. */
import type { IncomingMessage } from 'node:http'
import type { HttpExtensions, HttpScope } from '../protocol/scopes.js'
import type { Runtime } from '../runtime/runtime.js'
import { asgiInfo, flag } from '../runtime/shared.js'
import type { Peer } from './peer.js'
import { RawHeaders } from './raw-headers.js'
import type { RequestContext } from './request-context.js'
import type { Target } from './target.js'

export interface ScopeParts {
  readonly req: IncomingMessage
  readonly target: Target
  readonly peer: Peer
  readonly runtime: Runtime
}

export function httpScope({ req, target, peer, runtime }: ScopeParts, context: RequestContext): HttpScope {
  const plain: HttpExtensions = {
    'http.response.trailers': flag,
    'http.response.pathsend': flag,
    'http.response.zerocopysend': flag,
    'http.response.early_hint': flag,
    server: context,
  }
  const extensions = peer.tls === undefined ? plain : { ...plain, tls: peer.tls }
  const scope: HttpScope = {
    type: 'http',
    asgi: asgiInfo,
    httpVersion: req.httpVersionMajor === 2 ? '2' : req.httpVersionMinor === 0 ? '1.0' : '1.1',
    method: req.method ?? 'GET',
    scheme: peer.isSecure ? 'https' : 'http',
    path: target.path,
    rawPath: target.rawPath,
    queryString: target.queryString,
    rootPath: target.rootPath,
    headers: new RawHeaders(req.rawHeaders),
    client: peer.client,
    server: peer.server,
    extensions,
  }
  return runtime.state === undefined ? scope : { ...scope, state: { ...runtime.state } }
}
