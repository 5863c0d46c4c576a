/** What an app is called for: a request, a WebSocket, or the life of the worker. */

import type { ServerContext } from './context.js'
import type { HeadersIn } from './headers.js'

export interface AsgiInfo {
  readonly version: '3.0'
  readonly specVersion: '2.5'
}

export interface LifespanAsgiInfo {
  readonly version: '3.0'
  readonly specVersion: '2.0'
}

/** Host and port of a client. */
export type Address = readonly [host: string, port: number]

/** Host and port, or the path of a Unix socket and `null`. */
export type ServerAddress = readonly [host: string, port: number | null]

/** What start-up leaves for requests. */
export type State = Record<string, unknown>

/** The presence of the key says that the server has the extension. */
export type ExtensionFlag = Readonly<Record<string, never>>

export interface TlsInfo {
  /** PEM. */
  readonly serverCert: string | null
  /** PEM, leaf first. */
  readonly clientCertChain: readonly string[]
  /** Distinguished name as in RFC 4514. */
  readonly clientCertName: string | null
  readonly clientCertError: string | null
  /** For example 0x0304. */
  readonly tlsVersion: number | null
  readonly cipherSuite: number | null
}

export interface HttpExtensions {
  readonly 'http.response.trailers'?: ExtensionFlag
  readonly 'http.response.pathsend'?: ExtensionFlag
  readonly 'http.response.zerocopysend'?: ExtensionFlag
  readonly 'http.response.early_hint'?: ExtensionFlag
  readonly 'http.response.push'?: ExtensionFlag
  readonly 'http.response.debug'?: ExtensionFlag
  readonly tls?: TlsInfo
  readonly server?: ServerContext
}

export interface WebSocketExtensions {
  readonly 'websocket.http.response'?: ExtensionFlag
  readonly tls?: TlsInfo
  readonly server?: ServerContext
}

/** What the scopes of requests and WebSockets have in common. They are plain data: middleware copies them with `{ ...scope }`. */
interface ConnectionScope {
  readonly asgi: AsgiInfo
  /** Percent-decoded as UTF-8; bytes that are not UTF-8 become U+FFFD. Begins with `rootPath`. */
  readonly path: string
  /** As on the wire, without the query. Begins with `rootPath`. */
  readonly rawPath: string
  /** Percent-encoded as on the wire, without `?`. Empty if there is none. */
  readonly queryString: string
  /** Where the app is mounted: the option `rootPath`, after an `X-Forwarded-Prefix` if that is trusted. */
  readonly rootPath: string
  readonly headers: HeadersIn
  /** `null` on a Unix socket, unless a trusted proxy named the client. Port 0 means unknown. */
  readonly client: Address | null
  readonly server: ServerAddress | null
  /** A shallow copy of the state of the lifespan, one per request. Absent if the app has no lifespan. */
  readonly state?: State
}

export interface HttpScope extends ConnectionScope {
  readonly type: 'http'
  readonly httpVersion: '1.0' | '1.1' | '2'
  /** In upper case. */
  readonly method: string
  readonly scheme: 'http' | 'https'
  readonly extensions: HttpExtensions
}

export interface WebSocketScope extends ConnectionScope {
  readonly type: 'websocket'
  readonly httpVersion: '1.1' | '2'
  readonly scheme: 'ws' | 'wss'
  /** What the client offers, in order of preference. */
  readonly subprotocols: readonly string[]
  readonly extensions: WebSocketExtensions
}

export interface LifespanScope {
  readonly type: 'lifespan'
  readonly asgi: LifespanAsgiInfo
  /** The object that is copied for each request. The app fills it during start-up. */
  readonly state: State
}

export type Scope = HttpScope | WebSocketScope | LifespanScope
