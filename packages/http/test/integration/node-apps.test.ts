import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { deferred } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { startApp, startService } from '../support/start-service.js'

const handshake = { Connection: 'Upgrade', Upgrade: 'websocket' }
const switching = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

test('an http.Server that does not listen is served', async () => {
  const server = createServer((req, res) => res.end(`server ${req.url}`))
  const { url } = await startApp({ kind: 'node', value: server })
  expect(await (await request(`${url}/a`)).body.text()).toBe('server /a')
})

test('an error of an async listener of an http.Server becomes a 500', async () => {
  const failure = new Error('late')
  const server = createServer()
  server.on('request', async () => {
    throw failure
  })
  const { context, url } = await startApp({ kind: 'node', value: server })
  const { statusCode, body } = await request(url)
  await body.dump()
  expect(statusCode).toBe(500)
  expect(context.logged('error')).toMatchObject([{ fields: { error: failure } }])
})

test('every listener of an http.Server is called, and listeners for once only once', async () => {
  const calls: string[] = []
  const server = createServer()
  server.once('request', () => calls.push('once'))
  server.on('request', (_req, res) => {
    calls.push('on')
    res.end()
  })
  const { url } = await startApp({ kind: 'node', value: server })
  await (await request(url)).body.dump()
  await (await request(url)).body.dump()
  expect(calls).toEqual(['once', 'on', 'on'])
})

test('an http.Server without a listener for requests answers 500 and never hangs', async () => {
  const { context, url } = await startApp({ kind: 'node', value: createServer() })
  const { statusCode, body } = await request(url)
  await body.dump()
  expect(statusCode).toBe(500)
  expect(context.logged('error')).toHaveLength(1)
})

test('an http.Server that listens for upgrades gets them, also when it began to later', async () => {
  const server = createServer((_req, res) => res.end('plain'))
  const { context, port } = await startApp({ kind: 'node', value: server })
  const early = await RawClient.connect(port)
  early.get('/early', handshake)
  await early.until(/^HTTP\/1.1 501 /)
  server.on('upgrade', (req, socket, head) => {
    socket.write(`${switching}${req.url} ${head.length} `)
    socket.pipe(socket)
  })
  const late = await RawClient.connect(port)
  late.get('/late', handshake)
  await late.until(/101 .*\/late 0 /s)
  late.send('echo')
  await late.until(/echo$/)
  late.socket.end()
  expect(await late.closed()).toBe('closed')
  expect(await (await context.request(1)).outcome()).toEqual({ type: 'sent', status: 101 })
  server.removeAllListeners('upgrade')
  const gone = await RawClient.connect(port)
  gone.get('/gone', handshake)
  await gone.until(/^HTTP\/1.1 501 /)
})

test('an answer that waits for the one before it is sent, also when a body behind it turns out broken', async () => {
  let answer = (): void => {}
  const { context, port } = await startService((req, res) => {
    if (req.url === '/slow') answer = () => res.end('slow')
    else res.end('early')
  })
  const client = await RawClient.connect(port)
  client.send('GET /slow HTTP/1.1\r\nHost: test\r\n\r\n')
  client.send('GET /early HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n')
  await context.request(1)
  await new Promise(resolve => setImmediate(resolve))
  answer()
  await client.until(/^HTTP\/1\.1 200 .*slowHTTP\/1\.1 200 .*early$/s)
  expect(await client.closed()).toBe('closed')
})

test.each(['upgrade', 'connect'] as const)(
  'a handler of `%s` has the connection when the responses before it are sent',
  async event => {
    let answer = (): void => {}
    const asked = deferred()
    const server = createServer((_req, res) => {
      answer = () => res.end('slow')
      asked.resolve()
    })
    const opened: string[] = []
    server.on(event, (req, socket: Duplex, head: Buffer) => {
      opened.push(`${req.url} ${head}`)
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      socket.pipe(socket)
    })
    const { port } = await startApp({ kind: 'node', value: server })
    const client = await RawClient.connect(port)
    const second =
      event === 'connect'
        ? 'CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n'
        : 'GET /up HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
    client.send(`GET /slow HTTP/1.1\r\nHost: test\r\n\r\n${second}early`)
    await asked.promise
    // Whatever Node has read at once was given away by now.
    await new Promise(resolve => setImmediate(resolve))
    expect(opened).toEqual([])
    answer()
    await client.until(/^HTTP\/1\.1 200 OK\r\nDate.*slowHTTP\/1\.1 200 OK\r\n\r\n$/s)
    expect(opened).toEqual([event === 'connect' ? 'h:80 early' : '/up early'])
    client.send('echo')
    await client.until(/echo$/)
  },
)

test('a WebSocket handshake to an app without upgrades is refused with 501 and the connection is closed', async () => {
  const { context, port } = await startService((_req, res) => res.end('served'))
  const client = await RawClient.connect(port)
  client.get('/', handshake)
  await client.until(/^HTTP\/1.1 501 Not Implemented\r\n.*connection: close\r\n/is)
  expect(await client.closed()).toBe('closed')
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'sent', status: 501 })
})

test('an offer of another protocol is declined by serving the request', async () => {
  const { port } = await startService((_req, res) => res.end('served'))
  const client = await RawClient.connect(port)
  client.get('/', { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABk' })
  await client.until(/^HTTP\/1.1 200 .*served$/s)
})

test('an upgrade handler that throws before it answers gives a 500, after that the connection is cut', async () => {
  const server = createServer()
  server.on('upgrade', (req, socket) => {
    if (req.url === '/after') socket.write(switching)
    throw new Error('no upgrade')
  })
  const { context, port } = await startApp({ kind: 'node', value: server })
  const before = await RawClient.connect(port)
  before.get('/before', handshake)
  await before.until(/^HTTP\/1.1 500 .*connection: close\r\n/is)
  expect(await before.closed()).toBe('closed')
  const after = await RawClient.connect(port)
  after.get('/after', handshake)
  await after.closed()
  expect(after.received).not.toMatch(/500/)
  expect(await (await context.request(0)).outcome()).toMatchObject({ type: 'failed', status: 500 })
  expect(await (await context.request(1)).outcome()).toMatchObject({ type: 'failed' })
  expect(context.logged('error')).toHaveLength(2)
})

test('the limits hold for upgrades too', async () => {
  const server = createServer()
  server.on('upgrade', (_req, socket) => socket.end(switching))
  const { port } = await startApp({ kind: 'node', value: server }, { settings: { limitRequestLine: 50 } })
  const client = await RawClient.connect(port)
  client.get(`/${'a'.repeat(50)}`, handshake)
  await client.until(/^HTTP\/1.1 414 /)
})

// Older Nodes leave the body to the listener, in the bytes of the socket.
test.each([
  ['with its head', true],
  ['after its head', false],
])('a request for an upgrade hands over no larger body than is allowed: %s', async (_, isEarly) => {
  const received: string[] = []
  const server = createServer()
  server.on('upgrade', (req, socket) => {
    req.on('data', chunk => received.push(String(chunk)))
    req.on('end', () => socket.end(switching).resume())
  })
  const { context, port } = await startApp(
    { kind: 'node', value: server },
    { settings: { limitRequestBody: 10 } },
  )
  const client = await RawClient.connect(port)
  const fields = 'Host: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\nTransfer-Encoding: chunked'
  const body = `14\r\n${'a'.repeat(20)}\r\n0\r\n\r\n`
  const head = `POST / HTTP/1.1\r\n${fields}\r\n\r\n`
  if (isEarly) client.send(head + body)
  else {
    client.send(head)
    await context.request(0)
    client.send(body)
  }
  expect((await (await context.request(0)).outcome()).type).toBe('sent')
  await client.closed()
  expect(client.received).toMatch(/^HTTP\/1\.1 (?:413|101) /)
  expect(received).toEqual([])
})

test.each(['upgrade', 'connect'])(
  'the listener for `%s` is called also for a request with a body',
  async event => {
    const server = createServer()
    const listener = (_req: IncomingMessage, socket: Duplex): unknown => socket.end(switching)
    server.on(event, listener)
    const { context, port } = await startApp({ kind: 'node', value: server })
    const method = event === 'connect' ? 'CONNECT a:1' : 'POST /'
    for (const [index, body] of ['body', ''].entries()) {
      const client = await RawClient.connect(port)
      const fields = 'Host: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\nContent-Length: 4'
      client.send(`${method} HTTP/1.1\r\n${fields}\r\n\r\n${body}`)
      await client.until(/^HTTP\/1\.1 101 /)
      client.socket.destroy()
      expect(await (await context.request(index)).outcome()).toMatchObject({ status: 101 })
    }
  },
)

test('CONNECT goes to the listener of an http.Server, and is refused with 501 without one', async () => {
  const server = createServer()
  const { port } = await startApp({ kind: 'node', value: server })
  const refused = await RawClient.connect(port)
  refused.send('CONNECT example.test:443 HTTP/1.1\r\nHost: example.test\r\n\r\n')
  await refused.until(/^HTTP\/1.1 501 /)
  expect(await refused.closed()).toBe('closed')
  server.on('connect', (req, socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${req.url}`))
  const served = await RawClient.connect(port)
  served.send('CONNECT example.test:443 HTTP/1.1\r\nHost: example.test\r\n\r\n')
  await served.until(/^HTTP\/1.1 200 OK\r\n\r\nexample.test:443$/)
})

test('`checkContinue` and `checkExpectation` go to the listeners of an http.Server', async () => {
  const server = createServer()
  server.on('checkContinue', (_req, res) => res.writeHead(403).end('no body wanted'))
  server.on('checkExpectation', (_req, res) => res.writeHead(200).end('fine'))
  const { port } = await startApp({ kind: 'node', value: server })
  const body = await RawClient.connect(port)
  body.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n')
  await body.until(/^HTTP\/1.1 403 .*no body wanted/s)
  const other = await RawClient.connect(port)
  other.send('GET / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n\r\n')
  await other.until(/^HTTP\/1.1 200 .*fine/s)
})

test('closing the service tells what hangs on an http.Server to stop', async () => {
  const server = createServer()
  let isClosed = false
  server.on('close', () => {
    isClosed = true
  })
  const { service } = await startApp({ kind: 'node', value: server })
  await service.close()
  expect(isClosed).toBe(true)
})

test('an instance with `ready` and `routing` is made ready, served through its own server and closed', async () => {
  const calls: string[] = []
  const server = createServer((_req, res) => res.end(`after ${calls.join()}`))
  const value = {
    server,
    ready: async () => calls.push('ready'),
    routing: () => calls.push('routing'),
    close: async () => calls.push('close'),
  }
  const { service, url } = await startApp({ kind: 'node', value })
  expect(await (await request(url)).body.text()).toBe('after ready')
  await service.close()
  expect(calls).toEqual(['ready', 'close'])
})

test('an instance with `callback` is served by what it returns', async () => {
  const value = {
    callback: () => (_req: unknown, res: { end(text: string): void }) => res.end('from a callback'),
  }
  const { url } = await startApp({ kind: 'node', value })
  expect(await (await request(url)).body.text()).toBe('from a callback')
})

test.each(['write', 'end'] as const)(
  'a refusal of an upgrade through `%s` is in the outcome',
  async method => {
    const server = createServer()
    server.on('upgrade', (_req, socket) => {
      socket[method](Buffer.from('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n'))
      if (method === 'write') socket.end('\r\n')
    })
    const { context, port } = await startApp({ kind: 'node', value: server })
    const client = await RawClient.connect(port)
    client.send('GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    await client.closed()
    expect(client.received).toMatch(/^HTTP\/1.1 403 /)
    expect(await (await context.request(0)).outcome()).toMatchObject({ status: 403 })
  },
)
