/** The head of a `node:http` request, as the host wants it. */

import type { IncomingMessage } from 'node:http'
import type { RequestHead } from '@tunicorn/arbiter/worker'
import type { Connection } from './connection.js'

/** Method and target are copied, because apps change them on `req`; the rest is computed when asked for. */
export class NodeRequestHead implements RequestHead {
  readonly method: string
  readonly target: string
  declare readonly remoteAddress?: string
  private readonly req: IncomingMessage

  constructor(req: IncomingMessage, connection: Connection) {
    this.method = req.method ?? 'GET'
    this.target = req.url ?? '/'
    this.req = req
    if (connection.remoteAddress !== undefined) this.remoteAddress = connection.remoteAddress
  }

  get protocol(): string {
    return `HTTP/${this.req.httpVersion}`
  }

  header(name: string): string | undefined {
    const value = this.req.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }
}
