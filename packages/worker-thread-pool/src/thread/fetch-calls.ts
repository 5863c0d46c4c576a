/**
 * What the requests of an app of kind `fetch` were made from. Bodies that reached the thread in one piece are given to the app
 * at once. The request itself would read them through a web stream, which costs many times more than the rest of a small
 * request.
 */
import type { IncomingMessage } from 'node:http'
import type { LoadedApp } from '@tunicorn/arbiter/worker'
import { bufferOf } from '../protocol/bytes.js'

type Bytes = Uint8Array<ArrayBuffer>

/** What is known of a request before the app is called. */
export interface FetchCall {
  readonly req: IncomingMessage
  /** The whole body. */
  readonly body: Bytes | undefined
  /** The app has returned its response. */
  returned(): void
}

const none = Buffer.alloc(0)

export class FetchCalls {
  readonly #calls = new WeakMap<object, FetchCall>()

  add(call: FetchCall): void {
    this.#calls.set(call.req, call)
  }

  /** Wraps the app so that it gets requests that are read quickly. Apps of other kinds are returned unchanged. */
  wrap(app: LoadedApp): LoadedApp {
    const { kind, value } = app
    if (kind !== 'fetch' || !hasFetch(value)) return app
    return {
      kind,
      value: { fetch: (request: Request, bindings: unknown) => this.#call(value, request, bindings) },
    }
  }

  #call(app: FetchApp, request: Request, bindings: unknown): unknown {
    const call = this.#calls.get(nodeRequestOf(request) ?? request)
    if (call === undefined) return app.fetch(request, bindings)
    if (call.body !== undefined) quicken(request, call.req, call.body)
    const response = app.fetch(request, bindings)
    if (response instanceof Promise) void response.then(call.returned, ignore)
    else call.returned()
    return response
  }
}

function quicken(request: Request, req: IncomingMessage, body: Bytes): void {
  // srvx reads this when an app asks for text, JSON or a stream.
  const source = Object.assign(req, { rawBody: bufferOf(body) })
  const slow = request.arrayBuffer
  let isRead = false
  const arrayBuffer = async (): Promise<ArrayBuffer> => {
    // If the body was already used, the request's own method gives the usual error.
    if (isRead || request.bodyUsed) return await Reflect.apply(slow, request, [])
    isRead = true
    // Marks the body as used for code that reads the request later, without converting it to text.
    source.rawBody = none
    await request.text()
    // Nothing else has this memory, unless it is a part of a larger buffer.
    return body.byteLength === body.buffer.byteLength ? body.buffer : new Uint8Array(body).buffer
  }
  Object.defineProperty(request, 'arrayBuffer', { configurable: true, writable: true, value: arrayBuffer })
}

interface FetchApp {
  fetch(request: Request, bindings: unknown): unknown
}

function hasFetch(value: unknown): value is FetchApp {
  return typeof value === 'object' && value !== null && 'fetch' in value && typeof value.fetch === 'function'
}

/** The requests are made by srvx, which says what each was made from. */
function nodeRequestOf(request: Request): object | undefined {
  const runtime: unknown = Reflect.get(request, 'runtime')
  const node: unknown = isObject(runtime) ? Reflect.get(runtime, 'node') : undefined
  const req: unknown = isObject(node) ? Reflect.get(node, 'req') : undefined
  return isObject(req) ? req : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function ignore(): void {}
