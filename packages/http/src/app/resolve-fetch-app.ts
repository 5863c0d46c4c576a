/** Turns what an app of kind `fetch` exports into a `NodeApp`. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { describeValue, TunicornError } from '@tunicorn/arbiter/worker'
import { NodeRequest } from 'srvx/node'
import type { Forwarded } from '../forwarded/forwarded.js'
import type { ForwardedReader } from '../forwarded/forwarded-reader.js'
import { isThenable } from '../is-thenable.js'
import { installWebGlobals } from './install-web-globals.js'
import type { NodeApp } from './node-app.js'
import { sendResponse } from './send-response.js'

/** The request and response of Node, under the names that Hono's Node.js adapter uses. */
interface Bindings {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
}

type FetchHandler = (request: Request, bindings: Bindings) => unknown
type FastRequest = InstanceType<typeof NodeRequest>

/**
 * Accepts an object with a `fetch(request)` method, or the function itself. The forwarded fields that `reader` trusts change
 * the URL of the request. Replaces the web globals of this process: see `install-web-globals.ts`.
 *
 * @throws TunicornError `APP_NOT_USABLE` for anything else
 */
export function resolveFetchApp(value: unknown, reader: ForwardedReader): NodeApp {
  const handler = handlerOf(value)
  installWebGlobals()
  return {
    request(req, res) {
      if (!isTarget(req.url ?? '')) return res.writeHead(400).end()
      const request = new NodeRequest({ req, res })
      const forwarded = reader.read(req)
      if (forwarded !== undefined) applyForwarded(request, forwarded)
      const response = handler(request, { incoming: req, outgoing: res })
      return isThenable(response) ? response.then(settled => send(res, settled)) : send(res, response)
    },
  }
}

function handlerOf(value: unknown): FetchHandler {
  if (isHandler(value)) return value
  if (hasFetch(value)) return (request, bindings) => value.fetch(request, bindings)
  throw new TunicornError(
    'APP_NOT_USABLE',
    `Expected an app of kind "fetch" to be an object with a fetch(request) method, got ${describeValue(value)}`,
  )
}

function isHandler(value: unknown): value is FetchHandler {
  return typeof value === 'function'
}

function hasFetch(value: unknown): value is { fetch: FetchHandler } {
  return typeof value === 'object' && value !== null && 'fetch' in value && typeof value.fetch === 'function'
}

function send(res: ServerResponse, response: unknown): Promise<void> | undefined {
  if (response instanceof Response || isResponse(response)) return sendResponse(res, response)
  throw new TypeError(`Expected the app to return a Response, got ${describeValue(response)}`)
}

/** A `Response` of another implementation: a library's own, or that of another copy of `undici`. */
function isResponse(value: unknown): value is Response {
  if (typeof value !== 'object' || value === null) return false
  const { status, headers } = value as Partial<Response>
  return typeof status === 'number' && hasIterator(headers) && 'body' in value
}

function hasIterator(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}

/** A path, `*`, or a whole URL. No other target has a URL that could be given to an app. */
function isTarget(target: string): boolean {
  return target.startsWith('/') || target === '*' || URL.canParse(target)
}

function applyForwarded(request: FastRequest, { scheme, host, port, client }: Forwarded): void {
  const url = new URL(request.url)
  const protocol = scheme === undefined ? url.protocol : `${scheme}:`
  const changed = new URL(`${protocol}//${host ?? url.host}${url.pathname}${url.search}`)
  if (port !== undefined) changed.port = String(port)
  request._url = changed
  if (client !== undefined) Object.defineProperty(request, 'ip', { value: client, configurable: true })
}
