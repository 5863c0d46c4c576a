import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { deferred } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { startService } from '../support/start-service.js'

const failure = new Error('secret detail')

function failingSource(first: string): Readable {
  return Readable.from(
    (async function* () {
      yield first
      throw failure
    })(),
  )
}

test.each([
  [
    'throws',
    () => {
      throw failure
    },
  ],
  [
    'rejects',
    async () => {
      throw failure
    },
  ],
])('an app that %s gets a 500 without detail, and goes on', async (_name, fail) => {
  const { context, url } = await startService((req, res) => (req.url === '/fail' ? fail() : res.end('alive')))
  const response = await request(`${url}/fail`)
  expect(response.statusCode).toBe(500)
  expect(response.headers['content-type']).toMatch(/^text\/plain/)
  expect(await response.body.text()).toBe('Internal Server Error')
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'failed', status: 500, error: failure })
  expect(context.logged('error')).toMatchObject([
    { message: 'Error handling request GET /fail', fields: { error: failure } },
  ])
  expect(await (await request(url)).body.text()).toBe('alive')
})

test('header fields that were set before the failure are not sent with it', async () => {
  const { url } = await startService((_req, res) => {
    res.setHeader('content-encoding', 'gzip')
    res.setHeader('set-cookie', 'session=1')
    res.statusMessage = 'Fine'
    throw failure
  })
  const { headers, body } = await request(url)
  expect(headers).not.toHaveProperty('content-encoding')
  expect(headers).not.toHaveProperty('set-cookie')
  await body.dump()
})

test.each(['1.0', '1.1'])('a failure after the head is seen as one by HTTP/%s clients', async version => {
  const begun = deferred()
  const { context, port } = await startService(async (_req, res) => {
    res.write('begun')
    await begun.promise
    throw failure
  })
  const client = await RawClient.connect(port)
  client.send(`GET / HTTP/${version}\r\nHost: h\r\n\r\n`)
  await client.until(/begun/)
  begun.resolve()
  // Without chunks only a reset tells a cut response from a whole one.
  expect(await client.closed()).toBe(version === '1.0' ? 'reset' : 'closed')
  expect(client.received).not.toMatch(/0\r\n\r\n$/)
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'failed', status: 200, error: failure })
  expect(context.logged('error')).toHaveLength(1)
})

const breaks: Readonly<Record<string, (req: IncomingMessage, res: ServerResponse) => unknown>> = {
  'the app destroys its response': (_req, res) => res.destroy(),
  'the app destroys its response with an error': (_req, res) => res.destroy(failure),
  'the app destroys the socket': req => req.socket.destroy(),
  'a source fails in a pipeline': (_req, res) => pipeline(failingSource(''), res),
  'the service closes': () => {},
}

test.each(Object.keys(breaks))(
  'a response that only the end of its connection could end does not look whole when %s',
  async name => {
    const begun = deferred()
    const { port, service } = await startService(async (req, res) => {
      res.write('begun')
      await begun.promise
      return breaks[name]?.(req, res)
    })
    const client = await RawClient.connect(port)
    client.send('GET / HTTP/1.0\r\nHost: h\r\n\r\n')
    await client.until(/begun/)
    begun.resolve()
    if (name === 'the service closes') await service.close()
    expect(await client.closed()).toBe('reset')
  },
)

test('a response that its connection ends is whole when the app has ended it, and when the client is slow', async () => {
  const { port } = await startService((_req, res) => {
    res.write('begun')
    res.end('x'.repeat(8_000_000))
  })
  const client = await RawClient.connect(port)
  client.socket.pause()
  client.send('GET / HTTP/1.0\r\nHost: h\r\n\r\n')
  client.socket.resume()
  expect(await client.closed()).toBe('closed')
  expect(client.received).toMatch(/begunx{100}/)
  expect(client.received.length).toBeGreaterThan(8_000_000)
})

test('a failure after the end is logged and leaves the response whole', async () => {
  const { context, url } = await startService(async (_req, res) => {
    res.end('whole')
    throw failure
  })
  expect(await (await request(url)).body.text()).toBe('whole')
  expect(await (await context.request(0)).outcome()).toMatchObject({ status: 200 })
  expect(context.logged('error')).toMatchObject([{ fields: { error: failure } }])
})

test('a source that fails in a pipeline to the response is logged once', async () => {
  const { context, port } = await startService(async (_req, res) => {
    await pipeline(failingSource('begun'), res)
  })
  const client = await RawClient.connect(port)
  client.get('/')
  await client.closed()
  expect(await (await context.request(0)).outcome()).toMatchObject({ type: 'failed', error: failure })
  expect(context.logged('error')).toHaveLength(1)
})

test('a client that leaves ends its request as aborted, and its work is released', async () => {
  const released = deferred()
  const { context, port } = await startService((req, res) => {
    req.on('close', released.resolve)
    res.on('close', released.resolve)
  })
  const client = await RawClient.connect(port)
  client.get('/')
  const recorded = await context.request(0)
  client.socket.destroy()
  await released.promise
  await recorded.outcome()
  expect(recorded.outcomes).toEqual([{ type: 'aborted' }])
  expect(context.logged('error')).toEqual([])
})

test('an app that fails because its client has left is not to blame', async () => {
  const { context, port } = await startService(async (req, res) => {
    let body = ''
    for await (const chunk of req) body += chunk
    res.end(body)
  })
  const client = await RawClient.connect(port)
  client.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n123')
  const recorded = await context.request(0)
  client.socket.destroy()
  expect(await recorded.outcome()).toEqual({ type: 'aborted' })
  expect(context.logged('error')).toEqual([])
})

test('a response that its client does not take to the end is aborted, though the app ended it', async () => {
  const ended = deferred()
  const { context, port } = await startService((_req, res) => {
    res.end(Buffer.alloc(32 * 1024 * 1024))
    ended.resolve()
  })
  const client = await RawClient.connect(port)
  client.socket.pause()
  client.get('/')
  await ended.promise
  const recorded = await context.request(0)
  expect(recorded.outcomes).toEqual([])
  client.socket.destroy()
  expect(await recorded.outcome()).toEqual({ type: 'aborted', status: 200 })
  expect(recorded.outcomes).toHaveLength(1)
})

test('a connection that is lost ends all its pipelined requests as aborted', async () => {
  const { context, port } = await startService((req, res) =>
    req.url === '/2' ? res.end('second') : undefined,
  )
  const client = await RawClient.connect(port)
  client.send(['/1', '/2', '/3'].map(path => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`).join(''))
  await context.request(2)
  client.socket.destroy()
  for (const index of [0, 1, 2])
    expect(await (await context.request(index)).outcome()).toMatchObject({ type: 'aborted' })
})

test('bytes behind the last request of a connection do not spoil its response', async () => {
  const { port } = await startService((_req, res) => void setImmediate(() => res.end('served')))
  const client = await RawClient.connect(port)
  client.send('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n')
  expect(await client.closed()).toBe('closed')
  expect(client.received).toMatch(/^HTTP\/1.1 200 [\s\S]*served$/)
})
