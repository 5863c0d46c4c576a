import { Readable, type Writable } from 'node:stream'
import { deferred } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { Agent, request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { type RunningService, type ServiceOptions, startApp } from '../support/start-service.js'

type Fetch = (request: Request) => unknown

const startFetch = (fetch: Fetch, options?: ServiceOptions): Promise<RunningService> =>
  startApp({ kind: 'fetch', value: { fetch } }, options)

test('an object with `fetch` and a bare function are served', async () => {
  const app = {
    text: 'from this',
    fetch: function (this: { text: string }) {
      return new Response(this.text)
    },
  }
  const first = await startApp({ kind: 'fetch', value: app })
  const response = await request(first.url)
  expect(response.headers).toMatchObject({
    'content-length': '9',
    'content-type': 'text/plain; charset=UTF-8',
  })
  expect(await response.body.text()).toBe('from this')
  const second = await startApp({ kind: 'fetch', value: async () => Response.json({ a: 1 }) })
  expect(await (await request(second.url)).body.json()).toEqual({ a: 1 })
})

test('method, URL, header fields and body reach the app', async () => {
  const { context, url } = await startFetch(async req =>
    Response.json({
      method: req.method,
      url: req.url,
      header: req.headers.get('x-a'),
      body: await req.text(),
    }),
  )
  const response = await request(`${url}/path?q=1`, { method: 'POST', headers: { 'x-a': 'b' }, body: 'text' })
  expect(await response.body.json()).toEqual({
    method: 'POST',
    url: `${url}/path?q=1`,
    header: 'b',
    body: 'text',
  })
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'sent', status: 200 })
})

test('status, several cookies and an empty body reach the client', async () => {
  const { url } = await startFetch(() => {
    const headers = new Headers({ 'x-a': 'b' })
    headers.append('set-cookie', 'a=1; Path=/')
    headers.append('set-cookie', 'b=2; Expires=Thu, 01 Jan 2099 00:00:00 GMT')
    return new Response(null, { status: 204, headers })
  })
  const { statusCode, headers, body } = await request(url)
  expect(statusCode).toBe(204)
  expect(headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2; Expires=Thu, 01 Jan 2099 00:00:00 GMT'])
  expect(await body.text()).toBe('')
})

test('a request body streams in and a response body streams out', async () => {
  const { port } = await startFetch(req => new Response(req.body?.pipeThrough(new TransformStream())))
  const client = await RawClient.connect(port)
  client.send('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n')
  await client.until(/first/)
  client.send('6\r\nsecond\r\n0\r\n\r\n')
  await client.until(/second\r\n0\r\n\r\n$/)
})

test('an upload of 10 MB reaches the app', async () => {
  const { url } = await startFetch(async req => new Response(String((await req.arrayBuffer()).byteLength)))
  const response = await request(url, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024) })
  expect(await response.body.text()).toBe(String(10 * 1024 * 1024))
})

test('a response to HEAD has no body and its stream is cancelled', async () => {
  const cancelled = deferred()
  const { port } = await startFetch(
    () =>
      new Response(new ReadableStream({ cancel: () => cancelled.resolve() }), {
        headers: { 'content-length': '5' },
      }),
  )
  const client = await RawClient.connect(port)
  client.send('HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
  await client.closed()
  expect(client.received).toMatch(/content-length: 5\r\n.*\r\n\r\n$/is)
  await cancelled.promise
})

test('a client that leaves aborts the signal and cancels the stream', async () => {
  const aborted = deferred()
  const cancelled = deferred()
  const { context, port } = await startFetch(req => {
    req.signal.addEventListener('abort', () => aborted.resolve())
    return new Response(
      new ReadableStream({
        start: controller => controller.enqueue(new TextEncoder().encode('begun')),
        cancel: () => cancelled.resolve(),
      }),
    )
  })
  const client = await RawClient.connect(port)
  client.get('/')
  await client.until(/begun/)
  client.socket.destroy()
  await aborted.promise
  await cancelled.promise
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'aborted', status: 200 })
  expect(context.logged('error')).toEqual([])
})

test('a client that does not read holds back the stream', async () => {
  let pulled = 0
  const { port } = await startFetch(
    () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            pulled += 1
            controller.enqueue(new Uint8Array(64 * 1024))
          },
        }),
      ),
  )
  const client = await RawClient.connect(port)
  client.socket.pause()
  client.get('/')
  // The stream has no end: it stands still when the kernel's buffers are full.
  let before = -1
  await expect
    .poll(
      () => {
        const isStill = pulled > 0 && pulled === before
        before = pulled
        return isStill
      },
      { interval: 200, timeout: 10_000 },
    )
    .toBe(true)
  expect(pulled).toBeLessThan(1000)
})

test.each([
  [
    'throws',
    () => {
      throw new Error('secret')
    },
  ],
  [
    'rejects',
    async () => {
      throw new Error('secret')
    },
  ],
  ['returns no response', () => 'text'],
  ['returns a status that does not exist', () => new Response('x', { status: 99_999 })],
])('an app that %s gets a 500 without detail', async (_name, fetch) => {
  const { context, url } = await startFetch(fetch)
  const { statusCode, body } = await request(url)
  expect(statusCode).toBe(500)
  expect(await body.text()).toBe('Internal Server Error')
  expect(await (await context.request(0)).outcome()).toMatchObject({ type: 'failed', status: 500 })
  expect(context.logged('error')).toHaveLength(1)
})

test('a stream that fails cuts the response and is logged once', async () => {
  const failure = new Error('stream failure')
  const { context, port } = await startFetch(
    () =>
      new Response(
        new ReadableStream({
          start: controller => controller.enqueue(new TextEncoder().encode('begun')),
          pull: async () => {
            await new Promise(resolve => setImmediate(resolve))
            throw failure
          },
        }),
      ),
  )
  const client = await RawClient.connect(port)
  client.get('/')
  await client.closed()
  expect(client.received).not.toMatch(/0\r\n\r\n$/)
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'failed', status: 200, error: failure })
  expect(context.logged('error')).toHaveLength(1)
})

/** Bodies that an app in JavaScript may give, whatever the types say. */
function responseOf(body: unknown, init?: ResponseInit): Response {
  return Reflect.construct(Response, [body, init])
}

const broken = new Error('broken before the first byte')

test.each<readonly [string, () => unknown]>([
  [
    'throws when it is read',
    () =>
      new ReadableStream({
        pull: () => {
          throw broken
        },
      }),
  ],
  ['rejects when it is read', () => new ReadableStream({ pull: () => Promise.reject(broken) })],
  ['is broken from the start', () => new ReadableStream({ start: control => control.error(broken) })],
  [
    'fails in what it is piped through',
    () =>
      new Response('text').body?.pipeThrough(
        new TransformStream({ transform: () => Promise.reject(broken) }),
      ),
  ],
  [
    'is a stream of Node.js that fails',
    () =>
      new Readable({
        read() {
          this.destroy(broken)
        },
      }),
  ],
  ['is a stream of Node.js that has failed', () => new Readable().on('error', () => {}).destroy(broken)],
])('a body that %s before a byte was sent gets a 500 and is logged once', async (_name, body) => {
  const { context, port } = await startFetch(req => {
    if (new URL(req.url).pathname === '/next') return new Response('still open')
    return responseOf(body(), { status: 201, headers: { 'x-of': 'the app' } })
  })
  const client = await RawClient.connect(port)
  client.get('/')
  await client.until(/^HTTP\/1.1 500 Internal Server Error\r\n.*\r\n\r\nInternal Server Error$/is)
  expect(client.received).not.toMatch(/x-of/i)
  client.get('/next')
  await client.until(/still open$/)
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'failed', status: 500, error: broken })
  expect(context.logged('error')).toMatchObject([{ fields: { error: broken } }])
})

test.each<readonly [string, unknown]>([
  ['a number', 1],
  ['nothing', undefined],
])('a body that gives out %s gets a 500 that is explained in the log', async (_name, part) => {
  const { context, url } = await startFetch(() =>
    responseOf(new ReadableStream({ start: control => control.enqueue(part) })),
  )
  expect((await request(url)).statusCode).toBe(500)
  expect(context.logged('error')).toMatchObject([
    { fields: { error: { name: 'TypeError', message: expect.stringMatching(/body .* bytes/) } } },
  ])
})

test('a stream of Node.js is sent whole, and one that fails later cuts the response and is logged once', async () => {
  const late = new Error('late')
  const { context, port, url } = await startFetch(req => {
    const parts = async function* (): AsyncGenerator<string> {
      yield 'one '
      await new Promise(resolve => setImmediate(resolve))
      if (new URL(req.url).pathname === '/fails') throw late
      yield 'two'
    }
    return responseOf(Readable.from(parts()))
  })
  expect(await (await request(url)).body.text()).toBe('one two')
  const client = await RawClient.connect(port)
  client.get('/fails')
  await client.closed()
  expect(client.received).toMatch(/one /)
  expect(client.received).not.toMatch(/0\r\n\r\n$/)
  expect(await (await context.request(1)).outcome()).toEqual({ type: 'failed', status: 200, error: late })
  expect(context.logged('error')).toMatchObject([{ fields: { error: late } }])
})

test('something with `pipe`, as of React, is sent whole', async () => {
  const { url } = await startFetch(() => responseOf({ pipe: (target: Writable) => void target.end('piped') }))
  expect(await (await request(url)).body.text()).toBe('piped')
})

test.each(['web', 'node'])('a %s stream that comes after its client has left is cancelled', async kind => {
  const release = deferred()
  const cancelled = deferred()
  const { context, port } = await startFetch(async () => {
    await release.promise
    const endless =
      kind === 'web'
        ? new ReadableStream({ cancel: () => cancelled.resolve() })
        : new Readable({ read: () => undefined }).once('close', () => cancelled.resolve())
    return responseOf(endless)
  })
  const client = await RawClient.connect(port)
  client.get('/')
  const running = await context.request(0)
  client.socket.destroy()
  await running.outcome()
  release.resolve()
  await cancelled.promise
  expect(context.logged('error')).toEqual([])
})

test('a stream of Node.js whose client leaves is destroyed', async () => {
  const destroyed = deferred()
  const { context, port } = await startFetch(() => {
    const endless = new Readable({ read: () => undefined })
    endless.push('begun')
    return responseOf(endless.once('close', () => destroyed.resolve()))
  })
  const client = await RawClient.connect(port)
  client.get('/')
  await client.until(/begun/)
  client.socket.destroy()
  await destroyed.promise
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'aborted', status: 200 })
  expect(context.logged('error')).toEqual([])
})

test('the request can be cloned, wrapped and forwarded', async () => {
  const upstream = await startFetch(async req => new Response(`${req.method} ${await req.text()}`))
  const { url } = await startFetch(async req => {
    const path = new URL(req.url).pathname
    if (path === '/clone') return new Response((await req.clone().text()) + (await req.text()))
    if (path === '/wrap') return new Response(await new Request(req, { headers: { 'x-a': '1' } }).text())
    if (path === '/other') return fetch(upstream.url, req)
    return new Response(`${req instanceof Request} ${new Response() instanceof Response} ${await req.text()}`)
  })
  const post = async (path: string): Promise<string> =>
    await (await request(`${url}${path}`, { method: 'POST', body: 'body' })).body.text()
  expect(await post('/clone')).toBe('bodybody')
  expect(await post('/wrap')).toBe('body')
  expect(await post('/other')).toBe('POST body')
  expect(await post('/instances')).toBe('true true body')
})

test('the request itself can be passed to `fetch`', async () => {
  let hops = 0
  const { url } = await startFetch(async req => {
    hops += 1
    return hops === 1 ? fetch(req) : new Response(`hop ${hops}`)
  })
  expect(await (await request(`${url}/here`)).body.text()).toBe('hop 2')
})

test('a WebSocket handshake is refused with 501', async () => {
  const { port } = await startFetch(() => new Response('served'))
  const client = await RawClient.connect(port)
  client.get('/', { Connection: 'Upgrade', Upgrade: 'websocket' })
  await client.until(/^HTTP\/1.1 501 .*connection: close\r\n/is)
})

test('a target that is no URL is refused with 400', async () => {
  const { port } = await startFetch(() => new Response('served'))
  const client = await RawClient.connect(port)
  client.send('GET http://[bad/ HTTP/1.1\r\nHost: h\r\n\r\n')
  await client.until(/^HTTP\/1.1 400 /)
})

const forwarded = {
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'shop.example:8443',
  'x-forwarded-for': '203.0.113.7',
}
const showUrl: Fetch = req => new Response(req.url)

const withHost = { forwardedHeaders: ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host'] } as const

test('a host that the client may have written is not believed unless the operator lists its field', async () => {
  const { url } = await startFetch(showUrl)
  const headers = { host: 'www.site', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
  const response = await request(`${url}/p`, { headers })
  expect(await response.body.text()).toBe('https://www.site/p')
})

test('a forwarded port takes the place of the one in the host', async () => {
  const { url } = await startFetch(showUrl, {
    settings: { forwardedHeaders: ['X-Forwarded-Proto', 'X-Forwarded-Port'] },
  })
  const headers = { host: 'www.site:81', 'x-forwarded-proto': 'https', 'x-forwarded-port': '8443' }
  expect(await (await request(`${url}/p`, { headers })).body.text()).toBe('https://www.site:8443/p')
  const usual = { ...headers, 'x-forwarded-port': '443' }
  expect(await (await request(`${url}/p`, { headers: usual })).body.text()).toBe('https://www.site/p')
})

test('forwarded scheme and host are believed of a peer that is allowed', async () => {
  const { url } = await startFetch(showUrl, { settings: withHost })
  const response = await request(`${url}/a?b=c`, { headers: forwarded })
  expect(await response.body.text()).toBe('https://shop.example:8443/a?b=c')
})

test('forwarded scheme and host are not believed of another peer', async () => {
  const { url } = await startFetch(showUrl, {
    settings: { ...withHost, forwardedAllowIps: ['10.0.0.0/8'] },
  })
  const response = await request(`${url}/a`, { headers: forwarded })
  expect(await response.body.text()).toBe(`${url}/a`)
})

test('what a client wrote to the left of a trusted proxy is not believed', async () => {
  const { url } = await startFetch(showUrl, { settings: withHost })
  const response = await request(`${url}/a`, {
    headers: { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'evil.example, shop.example' },
  })
  expect(await response.body.text()).toBe('http://shop.example/a')
})

test('connections are pooled by clients of fetch apps as of others', async () => {
  const { service, url } = await startFetch(() => new Response('ok'))
  const dispatcher = new Agent({ connections: 1 })
  onTestFinished(() => dispatcher.close())
  for (let index = 0; index < 5; index += 1) await (await request(url, { dispatcher })).body.dump()
  expect(service.stats().connections).toBe(1)
})
