import { once } from 'node:events'
import { type App, fromFetch, toFetch } from '@tunicorn/worker-asgi'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { echo, hello, http, readBody, respond } from '../support/apps.js'
import { disconnectedError } from '../support/probe.js'
import { get, post } from '../support/requests.js'
import { startScene } from '../support/scene.js'
import { handshake } from '../support/ws-client.js'

/** A Hono app behind a server. */
async function startHono(build: (hono: Hono) => Hono): Promise<{ readonly url: string }> {
  const { server } = await startScene(() => fromFetch(build(new Hono())))
  return server
}

test('fromFetch: a Hono app routes, reads and answers', async () => {
  const { url } = await startHono(hono =>
    hono
      .get('/hello/:name', context =>
        context.text(`Hello ${context.req.param('name')} ${context.req.query('q')}`),
      )
      .post('/json', async context => context.json({ got: await context.req.json() }, 201)),
  )
  expect(await (await fetch(`${url}/hello/J%C3%BCrgen?q=a%20b`)).text()).toBe('Hello J\u00fcrgen a b')
  const response = await fetch(`${url}/json`, { method: 'POST', body: JSON.stringify({ a: 1 }) })
  expect([response.status, await response.json()]).toEqual([201, { got: { a: 1 } }])
  expect((await fetch(`${url}/none`)).status).toBe(404)
})

test('fromFetch: the request has the URL and the header fields of the client, and cookies are set one by one', async () => {
  const { server, connect } = await startScene(() =>
    fromFetch(request => {
      const headers = new Headers({ 'x-url': request.url, 'x-a': request.headers.get('x-a') ?? '' })
      headers.append('set-cookie', 'a=1')
      headers.append('set-cookie', 'b=2')
      return new Response(null, { status: 204, headers })
    }),
  )
  const client = await connect()
  client.send(get('/p?q=1', ['X-A: 1', 'X-A: 2', 'X-Forwarded-Proto: https', 'Connection: close']))
  const received = await client.all()
  expect(received).toMatch(/^HTTP\/1\.1 204 /)
  expect(received).toMatch(/x-url: https:\/\/test\/p\?q=1\r\n/)
  expect(received).toMatch(/x-a: 1, 2\r\n/)
  expect(received).toMatch(/set-cookie: a=1\r\nset-cookie: b=2\r\n/)
  expect(server.url).toMatch(/^http:/)
})

test('fromFetch: a streamed body goes out as it comes, and a request body comes in as it is read', async () => {
  const { url } = await startHono(hono => hono.post('/', context => new Response(context.req.raw.body)))
  let sendMore = (): void => {}
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(Buffer.from('one '))
      await new Promise<void>(resolve => {
        sendMore = resolve
      })
      controller.enqueue(Buffer.from('two'))
      controller.close()
    },
  })
  const response = await fetch(url, { method: 'POST', body, duplex: 'half' })
  const reader = response.body?.getReader()
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('one ')
  sendMore()
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('two')
  expect((await reader?.read())?.done).toBe(true)
})

test('given a streamed response, when the client leaves, expect the stream to be cancelled and the signal to abort', async () => {
  const { connect, probe } = await startScene(probe =>
    fromFetch(request => {
      request.signal.addEventListener('abort', () => probe.note('aborted'))
      return new Response(
        new ReadableStream({
          pull: async controller => {
            // The pace of an endless stream, which may be any; the client leaves when it has seen a part.
            await new Promise(resolve => setTimeout(resolve, 5))
            controller.enqueue(Buffer.from('part'))
          },
          cancel: () => probe.note('cancelled'),
        }),
      )
    }),
  )
  const client = await connect()
  await client.send(get()).until(/part/)
  client.socket.destroy()
  expect(await probe.noted(2)).toEqual(['aborted', 'cancelled'])
  probe.expectNoErrors()
})

test('given a streamed response, when it is asked for with HEAD, expect the stream to be cancelled', async () => {
  const { connect, probe } = await startScene(probe =>
    fromFetch(
      () =>
        new Response(new ReadableStream({ cancel: () => probe.note('cancelled') }), {
          headers: { 'x-a': '1' },
        }),
    ),
  )
  const client = await connect()
  await client.send(get('/', [], 'HEAD')).until(/x-a: 1\r\n/)
  expect(await probe.noted()).toEqual(['cancelled'])
})

test.each([
  ['is not read', () => Promise.resolve()],
  ['is read in part', (request: Request) => request.body?.getReader().read()],
  ['is cancelled', (request: Request) => request.body?.cancel()],
])(
  'given a request body that %s, expect the next request on the connection to be served',
  async (_what, use) => {
    const { connect } = await startScene(() =>
      fromFetch(async request => {
        await use(request)
        return new Response(`answer to ${request.method}`)
      }),
    )
    const client = await connect()
    await client.send(post('x'.repeat(300_000))).until(/answer to POST/)
    await client.send(get()).until(/answer to GET/)
  },
)

test('fromFetch: a body that fails cuts the connection, and a handler that throws gives 500', async () => {
  const { connect, probe } = await startScene(() =>
    fromFetch(request => {
      if (request.url.endsWith('/throw')) throw new Error('thrown')
      return new Response(
        new ReadableStream({
          start: controller => controller.enqueue(Buffer.from('part')),
          pull: controller => controller.error(new Error('failed later')),
        }),
      )
    }),
  )
  const client = await connect()
  client.send(get())
  expect(await client.all()).not.toMatch(/0\r\n\r\n$/)
  await probe.logged(/failed later/)
  const other = await connect()
  expect(await other.send(get('/throw')).all()).toMatch(/^HTTP\/1\.1 500 /)
})

test('fromFetch: a body that fails before a byte was sent gets a 500', async () => {
  const { connect, probe } = await startScene(() =>
    fromFetch(
      () => new Response(new ReadableStream({ pull: () => Promise.reject(new Error('failed first')) })),
    ),
  )
  const client = await connect()
  expect(await client.send(get()).all()).toMatch(/^HTTP\/1\.1 500 .*\r\n\r\nInternal Server Error$/s)
  await probe.logged(/failed first/)
})

test('fromFetch: the server context is the second argument, and WebSockets are refused', async () => {
  const { connect, probe } = await startScene(probe =>
    fromFetch((_request, context) => {
      probe.note([context?.workerId, context?.draining.aborted])
      return new Response('ok')
    }),
  )
  const client = await connect()
  await client.send(get()).until(/ok/)
  expect(await probe.noted()).toEqual([[0, false]])
  const refused = await connect()
  expect(await refused.send(handshake()).all()).toMatch(/^HTTP\/1\.1 403 /)
})

test('toFetch: an ASGI app answers in a Hono app', async () => {
  const asgi: App = http(async (scope, receive, send) => {
    const body = await readBody(receive)
    await send({ type: 'http.response.start', status: 201, headers: new Map([['x-path', scope.path]]) })
    await send({
      type: 'http.response.body',
      body: `${scope.method} ${scope.rawPath}?${scope.queryString} ${scope.headers.get('x-a')} ${body}`,
    })
  })
  const mounted = toFetch(asgi)
  const hono = new Hono().all('/asgi/*', context => mounted(context.req.raw))
  const request = { method: 'PUT', body: 'body', headers: { 'X-A': '1' } }
  const response = await hono.request('http://localhost/asgi/a%20b?q=1', request)
  expect(response.status).toBe(201)
  expect(response.headers.get('x-path')).toBe('/asgi/a b')
  expect(await response.text()).toBe('PUT /asgi/a%20b?q=1 1 body')
})

test('toFetch and fromFetch: an ASGI app in Hono in an ASGI server streams', async () => {
  const inner = http(async (_scope, _receive, send) => {
    await send({ type: 'http.response.start', status: 200 })
    for (const body of ['one ', Buffer.from('two ')])
      await send({ type: 'http.response.body', body, moreBody: true })
    await send({ type: 'http.response.body', body: 'three' })
  })
  const mounted = toFetch(inner)
  const { url } = await startHono(hono => hono.mount('/in', request => mounted(request)))
  expect(await (await fetch(`${url}/in/side`)).text()).toBe('one two three')
})

test.each([
  ['hello', hello(), 200, 'Hello, world'],
  ['204', respond(204, []), 204, ''],
  ['304 with a body', respond(304, [], 'body'), 304, ''],
  ['an echo without a body', echo(), 200, 'Body: '],
] as const)('toFetch: %s', async (_what, app, status, text) => {
  const response = await toFetch(app)(new Request('http://localhost/'))
  expect([response.status, await response.text()]).toEqual([status, text])
})

test('toFetch: an app waits while its response is not read, and sees the reader leave', async () => {
  const seen: unknown[] = []
  let sent = 0
  const app = http(async (_scope, receive, send) => {
    await receive()
    void receive().then(event => seen.push(event.type))
    await send({ type: 'http.response.start', status: 200 })
    try {
      for (;;) {
        await send({ type: 'http.response.body', body: 'part', moreBody: true })
        sent += 1
      }
    } catch (error) {
      seen.push(error)
      throw error
    }
  })
  const response = await toFetch(app)(new Request('http://localhost/'))
  await new Promise(resolve => setImmediate(resolve))
  expect(sent).toBeLessThan(3)
  await response.body?.cancel()
  await new Promise(resolve => setImmediate(resolve))
  expect(seen).toContain('http.disconnect')
  expect(seen).toContainEqual(disconnectedError)
})

test('toFetch: an app that fails rejects, or breaks the body that was begun', async () => {
  await expect(
    toFetch(http(() => Promise.reject(new Error('early'))))(new Request('http://h/')),
  ).rejects.toThrow('early')
  await expect(toFetch(http(async () => {}))(new Request('http://h/'))).rejects.toThrow(/without completing/)
  const late = http(async (_scope, _receive, send) => {
    await send({ type: 'http.response.start', status: 200 })
    await send({ type: 'http.response.body', body: 'part', moreBody: true })
    throw new Error('late')
  })
  const response = await toFetch(late)(new Request('http://h/'))
  await expect(response.text()).rejects.toThrow('late')
})

test('toFetch: a request that is aborted rejects', async () => {
  const abort = new AbortController()
  const started = new EventTarget()
  const app = http(async (_scope, receive) => {
    await receive()
    started.dispatchEvent(new Event('started'))
    await receive()
  })
  const begun = once(started, 'started')
  const answer = toFetch(app)(new Request('http://h/', { signal: abort.signal }))
  await begun
  abort.abort()
  await expect(answer).rejects.toEqual(disconnectedError)
})
