/** The head of a `node:http` request, in the form that the host needs. */

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
// The global `performance` is a getter, and this is on the path of every request.
import { performance } from 'node:perf_hooks'
import type { RequestHead } from '@tunicorn/arbiter/worker'
import { peerOf } from '@tunicorn/net'

/** What is kept of a request. */
type HeadSource = Pick<IncomingMessage, 'headers' | 'httpVersion' | 'rawHeaders'>

/** The connection that a request came on. */
interface HeadConnection {
  readonly socket: Socket
}

/** Method and target are copied, because apps change them on `req`. The rest is computed on demand. */
export class NodeRequestHead implements RequestHead {
  readonly method: string
  readonly target: string
  readonly startedAtMs: number = performance.now()
  /** Set right after construction, if requests have ids. */
  id: string | undefined = undefined
  private readonly source: HeadSource
  private readonly connection: HeadConnection

  constructor(req: IncomingMessage, connection: HeadConnection, source: HeadSource) {
    this.method = req.method ?? 'GET'
    this.target = req.url ?? '/'
    this.source = source
    this.connection = connection
  }

  /** Costs a system call per connection, so it is read only on demand. Node remembers it after the connection has ended. */
  get remoteAddress(): string | undefined {
    return this.connection.socket.remoteAddress
  }

  /** Address and port of the client, for logs. */
  get peer(): string {
    return peerOf(this.connection.socket)
  }

  get protocol(): string {
    const { httpVersion } = this.source
    return httpVersion === '1.1' ? 'HTTP/1.1' : `HTTP/${httpVersion}`
  }

  header(name: string): string | undefined {
    const { source } = this
    const index = indexOf(source.rawHeaders, name, 0)
    if (index === -1) return undefined
    if (indexOf(source.rawHeaders, name, index + 2) === -1) return source.rawHeaders[index + 1]
    // Node decides how several values are combined.
    const value = source.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }
}

/** When Node's `headers` is first read, Node builds it, which costs more than looking up a few fields. */
function indexOf(rawHeaders: readonly string[], name: string, from: number): number {
  for (let index = from; index < rawHeaders.length; index += 2) {
    const candidate = rawHeaders[index]
    if (candidate?.length === name.length && candidate.toLowerCase() === name) return index
  }
  return -1
}
