/** Small apps of which the scenarios are made. */
import {
  type App,
  defineApp,
  type Handler,
  type HeadersOut,
  type HttpScope,
  type Receive,
} from '@tunicorn/worker-asgi'
import type { Probe } from './probe.js'

const helloText = 'Hello, world'

/** `Hello, world` with its length: what the specification means when it says nothing else. */
export const hello: () => App = () => respond(200, [['content-length', '12']], helloText)

/** Answers every request so. */
export function respond(status: number, headers: HeadersOut, body: string | Uint8Array = ''): App {
  return http(async (_scope, _receive, send) => {
    await send({ type: 'http.response.start', status, headers: [['content-type', 'text/plain'], ...headers] })
    await send({ type: 'http.response.body', body })
  })
}

/** An app for requests only. */
export function http(handler: Handler<'http'>): App {
  return defineApp({ http: handler })
}

/** Notes something of every scope and answers 204. */
export function noteScope(read: (scope: HttpScope) => unknown): (probe: Probe) => App {
  return probe =>
    http(async (scope, _receive, send) => {
      probe.note(read(scope))
      await send({ type: 'http.response.start', status: 204 })
      await send({ type: 'http.response.body' })
    })
}

/** Receives until the whole body has come, or the client has left. */
export async function readBody(receive: Receive<'http'>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for (;;) {
    const event = await receive()
    if (event.type === 'http.disconnect') throw new Error('the client has left')
    parts.push(event.body)
    if (!event.moreBody) return Buffer.concat(parts)
  }
}

/** Answers with the body of the request. */
export const echo: () => App = () =>
  http(async (_scope, receive, send) => {
    const body = await readBody(receive)
    await send({ type: 'http.response.start', status: 200 })
    await send({ type: 'http.response.body', body: `Body: ${body.toString('latin1')}` })
  })

/** Answers `/wait` when the test says so, and everything else at once. */
export function waiting(probe: Probe): App {
  return http(async ({ path }, receive, send) => {
    if (path === '/wait') {
      probe.note('waits')
      await receive()
      while (!probe.notes.includes('go')) await probe.noted(probe.notes.length + 1)
    }
    await send({ type: 'http.response.start', status: 200 })
    await send({ type: 'http.response.body', body: path })
  })
}
