import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { LocalListener } from '@tunicorn/arbiter/worker'
import { deferred, temporaryDirectory } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { Agent, request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { startService } from '../support/start-service.js'

test('a response reaches the client and its request begins and ends once', async () => {
  const { context, url } = await startService((_req, res) => res.writeHead(201, { 'x-a': '1' }).end('made'))
  const response = await request(`${url}/path?query=1`, { method: 'PUT' })
  expect(response.statusCode).toBe(201)
  expect(response.headers['x-a']).toBe('1')
  expect(await response.body.text()).toBe('made')
  const recorded = await context.request(0)
  await recorded.outcome()
  expect(recorded.outcomes).toEqual([{ type: 'sent', status: 201 }])
  expect(recorded.head).toMatchObject({ method: 'PUT', target: '/path?query=1', remoteAddress: '127.0.0.1' })
  expect(recorded.head.protocol).toBe('HTTP/1.1')
  expect(recorded.head.header?.('host')).toBe(new URL(url).host)
})

test('the head that is reported is the one that came, also when the app changes it', async () => {
  const { context, url } = await startService((req, res) => {
    req.url = '/changed'
    req.method = 'CHANGED'
    res.end()
  })
  await (await request(`${url}/original`)).body.dump()
  expect((await context.request(0)).head).toMatchObject({ method: 'GET', target: '/original' })
})

test('duplicate header fields reach the app and the client', async () => {
  const { port } = await startService((req, res) => {
    res.setHeader('set-cookie', ['a=1', 'b=2'])
    res.end(req.rawHeaders.filter((_, index) => index % 2 === 1).join('|'))
  })
  const client = await RawClient.connect(port)
  client.send('GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-A: 2\r\nConnection: close\r\n\r\n')
  await client.closed()
  expect(client.received).toMatch(/set-cookie: a=1\r\nset-cookie: b=2\r\n/i)
  expect(client.received).toMatch(/h\|1\|2\|close$/)
})

test('connections are kept, for as long as the response says', async () => {
  const { context, port } = await startService((_req, res) => res.end('ok'), { settings: { keepAlive: 7 } })
  const client = await RawClient.connect(port)
  client.get('/1')
  await client.until(/keep-alive: timeout=7\r\n.*ok/is)
  client.get('/2')
  await client.until(/ok.*ok/s)
  await (await context.request(1)).outcome()
  expect(context.requests).toHaveLength(2)
})

test('without keep-alive every response closes its connection, whatever the app says', async () => {
  const { context, port } = await startService(
    (_req, res) => res.writeHead(200, { Connection: 'keep-alive', 'Keep-Alive': 'timeout=9' }).end('ok'),
    { settings: { keepAlive: 0 } },
  )
  const client = await RawClient.connect(port)
  client.send('GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n')
  await client.closed()
  expect(client.received).toMatch(/^HTTP\/1.1 200 OK\r\n.*connection: close\r\n.*ok/is)
  expect(client.received).not.toMatch(/keep-alive/i)
  expect(context.requests.map(({ head }) => head.target)).toEqual(['/1'])
})

test('pipelined requests are answered in order', async () => {
  const { context, port } = await startService(async (req, res) => {
    if (req.url === '/1') await new Promise(resolve => setImmediate(resolve))
    res.end(`<${req.url}>`)
  })
  const client = await RawClient.connect(port)
  client.send(['/1', '/2', '/3'].map(path => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`).join(''))
  await client.until(/<\/1>.*<\/2>.*<\/3>/s)
  for (const index of [0, 1, 2])
    expect(await (await context.request(index)).outcome()).toMatchObject({ type: 'sent' })
})

test('a response to HEAD has the length and no body', async () => {
  const { port } = await startService((_req, res) =>
    res.writeHead(200, { 'content-length': '5' }).end('hello'),
  )
  const client = await RawClient.connect(port)
  client.send('HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
  await client.closed()
  expect(client.received).toMatch(/content-length: 5\r\n/)
  expect(client.received).toMatch(/\r\n\r\n$/)
})

test('an upload of 10 MB reaches the app byte by byte', async () => {
  const { url } = await startService(async (req, res) => {
    const hash = createHash('sha256')
    for await (const chunk of req) hash.update(chunk)
    res.end(hash.digest('hex'))
  })
  const body = Buffer.alloc(10 * 1024 * 1024, 'tunicorn')
  const response = await request(url, { method: 'POST', body })
  expect(await response.body.text()).toBe(createHash('sha256').update(body).digest('hex'))
})

test('events are sent while the response is open', async () => {
  const { context, port } = await startService((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n')
  })
  const client = await RawClient.connect(port)
  client.get('/events')
  await client.until(/data: first\n\n/)
  const recorded = await context.request(0)
  expect(recorded.outcomes).toEqual([])
  client.socket.destroy()
  expect(await recorded.outcome()).toEqual({ type: 'aborted', status: 200 })
})

test('a client that does not read holds back the app', async () => {
  const chunk = Buffer.alloc(64 * 1024)
  let written = 0
  const stalled = deferred()
  const { port } = await startService(async (_req, res) => {
    while (written < 1024) {
      written += 1
      if (res.write(chunk)) continue
      // Nothing drains any more when the kernel's buffers are full.
      const timer = setTimeout(stalled.resolve, 300)
      await once(res, 'drain')
      clearTimeout(timer)
    }
    res.end()
  })
  const client = await RawClient.connect(port)
  client.socket.pause()
  client.get('/')
  await stalled.promise
  expect(written).toBeLessThan(1024)
  let bytes = 0
  client.socket.removeAllListeners('data')
  client.socket.on('data', data => {
    bytes += data.length
  })
  client.socket.resume()
  await new Promise<void>(resolve => {
    client.socket.on('data', () => {
      if (bytes > 1024 * chunk.length) resolve()
    })
  })
  expect(written).toBe(1024)
})

test('a Unix socket is served beside a TCP port', async () => {
  const directory = await temporaryDirectory()
  onTestFinished(() => directory[Symbol.asyncDispose]())
  const socketPath = join(directory.path, 'http.sock')
  const listeners = [new LocalListener(), new LocalListener(socketPath)] as const
  const { context, url } = await startService((req, res) => res.end(req.url), { listeners: [...listeners] })
  const dispatcher = new Agent({ connect: { socketPath } })
  onTestFinished(() => dispatcher.close())
  const overUnix = await request('http://unix/unix', { dispatcher })
  expect(await overUnix.body.text()).toBe('/unix')
  expect(await (await request(`${url}/tcp`)).body.text()).toBe('/tcp')
  expect(context.requests.map(({ head }) => head.remoteAddress)).toEqual([undefined, '127.0.0.1'])
})

test('`Expect: 100-continue` is answered before the body', async () => {
  const { port } = await startService(async (req, res) => {
    let body = ''
    for await (const chunk of req) body += chunk
    res.end(`got ${body}`)
  })
  const client = await RawClient.connect(port)
  client.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n')
  await client.until(/^HTTP\/1.1 100 Continue\r\n\r\n$/)
  client.send('body')
  await client.until(/got body/)
})

test('an expectation that nobody knows is refused with 417', async () => {
  const { context, port } = await startService((_req, res) => res.end('served'))
  const client = await RawClient.connect(port)
  client.send('GET / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n\r\n')
  await client.until(/^HTTP\/1.1 417 /)
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'sent', status: 417 })
})
