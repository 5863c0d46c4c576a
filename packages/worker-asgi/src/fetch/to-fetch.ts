/** An ASGI app as a fetch handler. */

import type { App, Receive, Send } from '../protocol/app.js'
import type { ServerContext } from '../protocol/context.js'
import { AsgiProtocolError, ClientDisconnectedError } from '../protocol/errors.js'
import type { HttpSendEvent } from '../protocol/http-events.js'
import type { HttpScope } from '../protocol/scopes.js'
import { asgiInfo, disconnected } from '../runtime/shared.js'
import { RawHeaders } from '../scope/raw-headers.js'
import { decodePath } from '../scope/target.js'
import type { FetchHandler } from './from-fetch.js'

const empty: Uint8Array = new Uint8Array()

/**
 * Mounts an ASGI app in a fetch app. Bodies stream in both directions, with back-pressure. Only requests are supported, not
 * WebSockets or the lifespan. If the app fails before its head, the handler rejects; if it fails later, the body does.
 */
export function toFetch(app: App): FetchHandler {
  return (request, context) => new FetchCall(request).run(app, context)
}

class FetchCall {
  readonly #request: Request
  readonly #response: Promise<Response>
  #resolve: (response: Response) => void = () => {}
  #reject: (error: unknown) => void = () => {}
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  #isBodyRead = false
  #head: ResponseInit | undefined
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #pulled: (() => void) | undefined
  #isComplete = false
  #isGone = false
  readonly #ended: Promise<void>
  #end: () => void = () => {}

  constructor(request: Request) {
    this.#request = request
    this.#response = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#ended = new Promise(resolve => {
      this.#end = resolve
    })
    request.signal.addEventListener('abort', () => this.#leave(), { once: true })
  }

  run(app: App, context: ServerContext | undefined): Promise<Response> {
    let result: unknown
    try {
      result = app(scopeOf(this.#request, context), this.#receive, this.#send as Send)
    } catch (error) {
      result = Promise.reject(error)
    }
    Promise.resolve(result).then(
      () => this.#fail(new Error('ASGI callable returned without completing response.')),
      (error: unknown) => this.#fail(error),
    )
    return this.#response
  }

  readonly #receive: Receive<'http'> = async () => {
    if (this.#isGone || this.#isComplete) return disconnected
    if (this.#isBodyRead) {
      await this.#ended
      return disconnected
    }
    this.#reader ??= this.#request.body?.getReader()
    if (this.#reader === undefined) return this.#lastPart()
    try {
      const { done, value } = await this.#reader.read()
      return done ? this.#lastPart() : { type: 'http.request', body: value, moreBody: true }
    } catch {
      return disconnected
    }
  }

  #lastPart(): { readonly type: 'http.request'; readonly body: Uint8Array; readonly moreBody: false } {
    this.#isBodyRead = true
    return { type: 'http.request', body: empty, moreBody: false }
  }

  readonly #send: Send<'http'> = async event => {
    if (this.#isGone) throw new ClientDisconnectedError()
    switch (event.type) {
      case 'http.response.start':
        if (this.#head !== undefined) throw unexpected('http.response.body', event)
        this.#head = { status: event.status, headers: headersOf(event.headers) }
        return
      case 'http.response.body':
        if (this.#head === undefined || this.#isComplete) throw unexpected('http.response.start', event)
        return await this.#write(event.body, event.moreBody === true)
      case 'http.response.early_hint':
      case 'http.response.push':
      case 'http.response.debug':
        return
      default:
        throw unexpected('an event that a fetch app can answer', event)
    }
  }

  async #write(body: string | Uint8Array | undefined, hasMore: boolean): Promise<void> {
    const bytes = typeof body === 'string' ? Buffer.from(body) : (body ?? empty)
    if (!hasMore) {
      this.#isComplete = true
      this.#end()
    }
    if (this.#controller === undefined && !hasMore) return this.#resolve(this.#respond(bytes))
    if (this.#controller === undefined) this.#resolve(this.#respond(this.#stream()))
    const controller = this.#controller
    if (bytes.length > 0) controller?.enqueue(bytes)
    if (!hasMore) controller?.close()
    else if ((controller?.desiredSize ?? 0) <= 0) await this.#drained()
  }

  #stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({
      start: controller => {
        this.#controller = controller
      },
      pull: () => this.#pulled?.(),
      cancel: () => this.#leave(),
    })
  }

  async #drained(): Promise<void> {
    await new Promise<void>(resolve => {
      this.#pulled = resolve
    })
    if (this.#isGone) throw new ClientDisconnectedError()
  }

  #respond(body: Uint8Array | ReadableStream<Uint8Array>): Response {
    const status = this.#head?.status ?? 200
    // A `Response` with one of these statuses refuses any body.
    const hasBody = status !== 204 && status !== 205 && status !== 304
    return new Response(hasBody ? body : null, this.#head)
  }

  #leave(): void {
    if (this.#isComplete || this.#isGone) return
    this.#isGone = true
    this.#end()
    this.#pulled?.()
    this.#reject(new ClientDisconnectedError())
  }

  #fail(error: unknown): void {
    if (this.#isComplete || this.#isGone) return
    this.#isGone = true
    this.#end()
    if (this.#controller === undefined) this.#reject(error)
    else this.#controller.error(error)
  }
}

function scopeOf(request: Request, context: ServerContext | undefined): HttpScope {
  const url = new URL(request.url)
  return {
    type: 'http',
    asgi: asgiInfo,
    httpVersion: '1.1',
    method: request.method,
    scheme: url.protocol === 'https:' ? 'https' : 'http',
    path: decodePath(url.pathname),
    rawPath: url.pathname,
    queryString: url.search.slice(1),
    rootPath: '',
    headers: new RawHeaders(rawHeadersOf(request, url)),
    client: null,
    server: [url.hostname, Number(url.port) || (url.protocol === 'https:' ? 443 : 80)],
    extensions: isServerContext(context) ? { server: context } : {},
  }
}

function rawHeadersOf(request: Request, url: URL): readonly string[] {
  const raw = [...request.headers].flat()
  return request.headers.has('host') ? raw : ['host', url.host, ...raw]
}

/** Frameworks call mounted handlers with values of their own. */
function isServerContext(value: unknown): value is ServerContext {
  return typeof value === 'object' && value !== null && 'draining' in value && 'waitUntil' in value
}

function headersOf(given: Iterable<readonly [string, string]> | undefined): Headers {
  const headers = new Headers()
  for (const [name, value] of given ?? [])
    if (name.toLowerCase() !== 'transfer-encoding') headers.append(name, value)
  return headers
}

function unexpected(expected: string, event: HttpSendEvent): AsgiProtocolError {
  return AsgiProtocolError.ofEvent([`\`${expected}\``], event)
}
