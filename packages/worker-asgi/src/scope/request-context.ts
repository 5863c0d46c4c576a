/** The `ServerContext` of one request or WebSocket. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { NativeObjects, ServerContext } from '../protocol/context.js'
import type { AppCall } from '../runtime/app-call.js'
import type { Runtime } from '../runtime/runtime.js'
import { highWaterMark } from '../runtime/shared.js'

export interface ContextSource {
  readonly req: IncomingMessage
  readonly res?: ServerResponse
  readonly socket?: Duplex
}

/**
 * Everything in it is made on demand. Only the app holds it; the call does not. So a WebSocket whose app has released its
 * scope no longer keeps its request in memory.
 */
export class RequestContext implements ServerContext {
  private readonly runtime: Runtime
  private readonly req: IncomingMessage
  private readonly res: ServerResponse | undefined
  private readonly socket: Duplex | undefined
  private readonly call: AppCall

  constructor(runtime: Runtime, source: ContextSource, call: AppCall) {
    this.runtime = runtime
    this.call = call
    this.req = source.req
    this.res = source.res
    this.socket = source.socket
  }

  get signal(): AbortSignal {
    return this.call.signal
  }

  get draining(): AbortSignal {
    return this.runtime.draining
  }

  get writable(): boolean {
    return this.bufferedAmount < highWaterMark
  }

  get bufferedAmount(): number {
    return (this.res ?? this.socket)?.writableLength ?? 0
  }

  get workerId(): number {
    return this.runtime.workerId
  }

  get native(): NativeObjects {
    const { req, res, socket } = this
    return { req, ...(res === undefined ? {} : { res }), ...(socket === undefined ? {} : { socket }) }
  }

  waitUntil(promise: PromiseLike<unknown>): void {
    this.runtime.tasks.waitUntil(promise)
  }
}
