/** Answers routes over HTTP. Nothing that a client sends or fails to send can block it or fill its memory. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Logger } from '../contract/logger.js'
import { listenOnHandle, type ServerHandle } from '../sockets/handle.js'
import { boundConnections } from './bound-connections.js'
import { errorAnswer } from './error-answer.js'
import { readBody } from './read-body.js'
import { type Answer, Refusal, type Route } from './route.js'

/** For each one above this number, the connection that has been idle the longest is closed. */
const maxConnections = 512
const maxHeadBytes = 8_192
const backlog = 512
/** A client that does not read its answer is cut off after this long without progress. */
const readMs = 10_000
/** How long unfinished answers may take when the server closes. */
const closeMs = 1_000

export interface RouteServerParts {
  /** For messages, for example `control API`. */
  readonly name: string
  readonly routes: readonly Route[]
  readonly log: Logger
  /** Whether requests for this `Host` are answered. @default all are */
  readonly believesHost?: (host: string | undefined) => boolean
}

export class RouteServer {
  readonly #name: string
  readonly #routes: ReadonlyMap<string, readonly Route[]>
  readonly #log: Logger
  readonly #believesHost: (host: string | undefined) => boolean
  readonly #server: Server

  constructor({ name, routes, log, believesHost = () => true }: RouteServerParts) {
    this.#name = name
    this.#routes = groupByPath(routes)
    this.#log = log
    this.#believesHost = believesHost
    this.#server = createServer(
      {
        maxHeaderSize: maxHeadBytes,
        headersTimeout: 5_000,
        requestTimeout: 10_000,
        keepAliveTimeout: 5_000,
        connectionsCheckingInterval: 2_000,
      },
      (request, response) => void this.#serve(request, response),
    )
    boundConnections(this.#server, maxConnections)
  }

  /** Accepts from a bound socket. */
  async listen(handle: ServerHandle): Promise<void> {
    await listenOnHandle(this.#server, handle, backlog)
    this.#server.on('error', error => this.#log.warn(`The ${this.#name} has a problem: ${error.message}`))
    // The server exists for the workers and must not outlive them.
    this.#server.unref()
  }

  /** Accepts nothing more, and gives unfinished answers a moment. */
  async close(): Promise<void> {
    if (!this.#server.listening) return
    const closed = new Promise(resolve => this.#server.close(resolve))
    const timer = setTimeout(() => this.#server.closeAllConnections(), closeMs)
    await closed
    clearTimeout(timer)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that disconnects is not an error.
    response.on('error', () => {})
    const left = new AbortController()
    response.once('close', () => left.abort(new Error('the client has left')))
    let answer: Answer
    try {
      answer = await this.#answer(request, left.signal)
    } catch (error) {
      answer = errorAnswer(error)
      if (answer.status === 500) this.#log.error(`The ${this.#name} failed`, { error })
    }
    if (!response.destroyed) send(answer, request, response)
  }

  async #answer(request: IncomingMessage, signal: AbortSignal): Promise<Answer> {
    // Programs send no origin. A page in a browser cannot get here, and if one did, it must not control a server.
    if (request.headers.origin !== undefined) throw new Refusal(403, 'Requests of web pages are refused')
    if (!this.#believesHost(request.headers.host))
      throw new Refusal(
        403,
        'The `Host` of the request names another machine: ask for `127.0.0.1` or `localhost`',
      )
    const url = parseTarget(request.url ?? '/')
    const routes = this.#routes.get(url.pathname)
    if (!routes) throw new Refusal(404, `There is nothing at ${JSON.stringify(url.pathname)}`)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const route = routes.find(candidate => candidate.method === method)
    if (!route) throw notAllowed(url.pathname, routes)
    const body = await readBody(request)
    return route.handle({ query: url.searchParams, body, signal })
  }
}

function groupByPath(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const paths = new Set(routes.map(({ path }) => path))
  return new Map([...paths].map(path => [path, routes.filter(route => route.path === path)]))
}

function parseTarget(target: string): URL {
  // The target may be anything that a client chooses to send. `//` would be read as a host.
  if (!target.startsWith('/') || !URL.canParse(`http://control${target}`))
    throw new Refusal(400, 'The target of the request is not a path')
  return new URL(`http://control${target}`)
}

function notAllowed(path: string, routes: readonly Route[]): Refusal {
  const methods = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  return new Refusal(405, `${path} answers ${methods.join(' and ')} only`, { allow: methods.join(', ') })
}

function send(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('cache-control', 'no-store')
  response.setHeader('x-content-type-options', 'nosniff')
  if (answer.type === 'stream' && request.method !== 'HEAD') return answer.start(response)
  if (answer.type === 'stream') return void response.end()
  // A refused body is not read to its end, so the connection cannot be used again.
  if (!request.complete) response.setHeader('connection', 'close')
  response.writeHead(answer.status, {
    'content-type': answer.contentType,
    'content-length': Buffer.byteLength(answer.body),
    ...answer.headers,
  })
  response.setTimeout(readMs, () => response.destroy())
  response.end(answer.body)
}
