/** What trusted proxies say of the client and of what it asked for. */

/** Each property is present only when a trusted proxy gave it in a field that is listed in `forwardedHeaders`. */
export interface Forwarded {
  /** `ws` and `wss`, which some proxies send for a WebSocket, are given as these. */
  readonly scheme?: 'http' | 'https'
  /** With its port, if there is one. */
  readonly host?: string
  /** The port that the client connected to, in place of the one in the host. */
  readonly port?: number
  /** The path under which the proxy has mounted the app: begins with `/`, and does not end with it. */
  readonly prefix?: string
  /** Address of the client, without its port. Always an IP address. */
  readonly client?: string
  /** Its port, when the proxy gave one. */
  readonly clientPort?: number
}
