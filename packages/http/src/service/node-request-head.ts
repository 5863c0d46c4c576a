/** The head of a `node:http` request, as the host wants it. */

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
// The global of the same name is a getter, on the path of every request.
import { performance } from 'node:perf_hooks'
import type { RequestHead } from '@tunicorn/arbiter/worker'
import { peerOf } from '@tunicorn/net'

/** What is kept of a request. */
type HeadSource = Pick<IncomingMessage, 'headers' | 'httpVersion' | 'rawHeaders'>

/** The connection that a request came on. */
interface HeadConnection {
  readonly socket: Socket
}

/** Method and target are copied, because apps change them on `req`; the rest is computed when asked for. */
export class NodeRequestHead implements RequestHead {
  readonly method: string
  readonly target: string
  readonly startedAtMs: number = performance.now()
  /** Given right after it was made, where requests have ids. */
  id: string | undefined = undefined
  private readonly source: HeadSource
  private readonly connection: HeadConnection

  constructor(req: IncomingMessage, connection: HeadConnection, source: HeadSource) {
    this.method = req.method ?? 'GET'
    this.target = req.url ?? '/'
    this.source = source
    this.connection = connection
  }

  /** A system call for each connection, and therefore only for those who ask. Node remembers it past the end of the connection. */
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
    // What becomes of several is Node's decision.
    const value = source.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }
}

/** Node makes `headers` when it is first read, which costs more than to look a few fields up. */
function indexOf(rawHeaders: readonly string[], name: string, from: number): number {
  for (let index = from; index < rawHeaders.length; index += 2) {
    const candidate = rawHeaders[index]
    if (candidate?.length === name.length && candidate.toLowerCase() === name) return index
  }
  return -1
}
