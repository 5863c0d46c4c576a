/** A fetch handler as an ASGI app. */

import type { App, Receive, Send } from '../protocol/app.js'
import type { ServerContext } from '../protocol/context.js'
import { ClientDisconnectedError } from '../protocol/errors.js'
import type { HttpScope } from '../protocol/scopes.js'

/** What a `fetch` app is called with, and what it returns. `context` is `scope.extensions.server`, if there is one. */
export type FetchHandler = (request: Request, context?: ServerContext) => Response | Promise<Response>

/** A fetch handler, or an object that has one: Hono, h3, `export default { fetch }`. */
export type FetchApp =
  | FetchHandler
  | { fetch(request: Request, ...rest: never[]): Response | Promise<Response> }

/**
 * Mounts a fetch app in an ASGI app. Bodies stream in both directions. When the client leaves, `request.signal` aborts and
 * the body of the response is cancelled. WebSockets are refused with 403, and there is no lifespan.
 */
export function fromFetch(app: FetchApp): App {
  // How many more parameters the handler declares is its own business.
  const handler: FetchHandler =
    typeof app === 'function' ? app : (request, context) => app.fetch(request, ...([context] as never[]))
  return async (scope, receive, send) => {
    if (scope.type === 'lifespan') return
    if (scope.type === 'websocket') return await send({ type: 'websocket.close' })
    // The server gives each scope the events of its own type.
    const request = requestOf(scope, receive as Receive<'http'>)
    const response = await handler(request, scope.extensions.server)
    await sendResponse(response, scope.method, send)
  }
}

function requestOf(scope: HttpScope, receive: Receive<'http'>): Request {
  const headers = new Headers()
  for (const [name, value] of scope.headers) headers.append(name, value)
  const query = scope.queryString === '' ? '' : `?${scope.queryString}`
  const path = scope.rawPath.startsWith('/') ? scope.rawPath : '/'
  const url = `${scope.scheme}://${headers.get('host') ?? hostOf(scope)}${path}${query}`
  const signal = scope.extensions.server?.signal ?? null
  if (scope.method === 'GET' || scope.method === 'HEAD')
    return new Request(url, { method: scope.method, headers, signal })
  const body = bodyOf(receive)
  return new Request(url, { method: scope.method, headers, signal, body, duplex: 'half' })
}

function hostOf({ server }: HttpScope): string {
  if (server === null || server[1] === null) return 'localhost'
  return server[0].includes(':') ? `[${server[0]}]:${server[1]}` : `${server[0]}:${server[1]}`
}

/** Receives nothing until the body is read. */
function bodyOf(receive: Receive<'http'>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const event = await receive()
          if (event.type === 'http.disconnect') return controller.error(new ClientDisconnectedError())
          if (event.body.length > 0) controller.enqueue(event.body)
          if (!event.moreBody) return controller.close()
          if (event.body.length > 0) return
        }
      },
    },
    { highWaterMark: 0 },
  )
}

async function sendResponse(response: Response, method: string, send: Send): Promise<void> {
  const { body, status, headers } = response
  if (body === null || method === 'HEAD') {
    await body?.cancel()
    await send({ type: 'http.response.start', status, headers })
    return await send({ type: 'http.response.body' })
  }
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader()
  try {
    await send({ type: 'http.response.start', status, headers })
    let part = await reader.read()
    while (!part.done) {
      await send({ type: 'http.response.body', body: part.value, moreBody: true })
      part = await reader.read()
    }
    await send({ type: 'http.response.body' })
  } catch (error) {
    await reader.cancel(error).catch(() => {})
    throw error
  }
}
