/** The head of a `node:http` request, as the host wants it. */

import type { IncomingMessage } from 'node:http'
import type { RequestHead } from '@tunicorn/arbiter/worker'
import type { Connection } from './connection.js'

/** What is kept of a request. */
type HeadSource = Pick<IncomingMessage, 'headers' | 'httpVersion'>

/** Method and target are copied, because apps change them on `req`; the rest is computed when asked for. */
export class NodeRequestHead implements RequestHead {
  readonly method: string
  readonly target: string
  private readonly source: HeadSource
  private readonly connection: Connection

  constructor(req: IncomingMessage, connection: Connection, source: HeadSource) {
    this.method = req.method ?? 'GET'
    this.target = req.url ?? '/'
    this.source = source
    this.connection = connection
  }

  /** A system call for each connection, and therefore only for those who ask. Node remembers it past the end of the connection. */
  get remoteAddress(): string | undefined {
    return this.connection.socket.remoteAddress
  }

  get protocol(): string {
    return `HTTP/${this.source.httpVersion}`
  }

  header(name: string): string | undefined {
    const value = this.source.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }
}
