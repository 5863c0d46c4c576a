/** The response that a client gets in place of a WebSocket. The connection is closed after it. */

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { ResponseWriter } from '../http/response-writer.js'
import type { Runtime } from '../runtime/runtime.js'
import { assignSocket, createUpgradeResponse } from './upgrade-response.js'

export interface DenialParts {
  readonly req: IncomingMessage
  readonly socket: Duplex
  readonly runtime: Runtime
}

export class Denial {
  private readonly writer: ResponseWriter

  /** Takes the head and holds it. @throws AsgiProtocolError */
  constructor({ req, socket, runtime }: DenialParts, status: unknown, headers: unknown) {
    const res = createUpgradeResponse(req)
    this.writer = new ResponseWriter(res, runtime, 599)
    this.writer.start(status, headers)
    assignSocket(res, socket)
  }

  /** Writes a part of the body. @throws AsgiProtocolError */
  write(body: unknown, isLast: boolean): Promise<void> {
    return this.writer.write(body, isLast)
  }

  /** The client has left. */
  close(): void {
    this.writer.close()
  }
}
