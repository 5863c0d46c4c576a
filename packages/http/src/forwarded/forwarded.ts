/** What trusted proxies say about the client and its request. */

/** A property is present only if a trusted proxy gave it in a field that is listed in `forwardedHeaders`. */
export interface Forwarded {
  /** Some proxies send `ws` and `wss` for a WebSocket; these become `http` and `https`. */
  readonly scheme?: 'http' | 'https'
  /** With its port, if it has one. */
  readonly host?: string
  /** The port that the client connected to; it replaces the one in the host. */
  readonly port?: number
  /** The path under which the proxy has mounted the app. It begins with `/` and does not end with one. */
  readonly prefix?: string
  /** Address of the client, without a port. Always an IP address. */
  readonly client?: string
  /** The client's port, if the proxy gave one. */
  readonly clientPort?: number
}
