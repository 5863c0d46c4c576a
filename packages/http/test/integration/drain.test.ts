import { once } from 'node:events'
import { createServer } from 'node:http'
import { deferred } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { Client } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { hasConnections } from '../support/has-connections.js'
import { startApp, startService } from '../support/start-service.js'

const never = new AbortController().signal

test('without connections a drain resolves at once', async () => {
  const { listener, service } = await startService((_req, res) => res.end('ok'))
  const drained = service.drain(never)
  expect(listener.isAccepting).toBe(false)
  // One turn of the microtask queue is enough.
  expect(
    await Promise.race([
      drained.then(() => 'drained'),
      Promise.resolve().then(() => Promise.resolve('later')),
    ]),
  ).toBe('drained')
})

test('a request in flight completes and its response closes the connection', async () => {
  const release = deferred()
  const { context, listener, service, port } = await startService(async (_req, res) => {
    await release.promise
    res.end('whole')
  })
  const client = await RawClient.connect(port)
  client.get('/')
  await context.request(0)
  let isDrained = false
  const drained = service.drain(never).then(() => {
    isDrained = true
  })
  expect(listener.isAccepting).toBe(false)
  await expect(RawClient.connect(port)).rejects.toThrow(/ECONNREFUSED/)
  expect(isDrained).toBe(false)
  release.resolve()
  await drained
  expect(await client.closed()).toBe('closed')
  expect(client.received).toMatch(/connection: close\r\n.*whole/is)
  expect(context.requests[0]?.outcomes).toEqual([{ type: 'sent', status: 200 }])
})

test('a request on an open connection is answered while draining, with `Connection: close`', async () => {
  const { service, port } = await startService(
    // Frameworks and examples set this by habit.
    (req, res) => res.writeHead(200, 'OK', { Connection: 'keep-alive', 'X-Path': String(req.url) }).end('ok'),
    { lingerMs: 10_000 },
  )
  const client = await RawClient.connect(port)
  client.get('/before')
  await client.until(/keep-alive.*ok/is)
  client.received = ''
  const drained = service.drain(never)
  client.get('/during')
  await client.until(/ok/)
  expect(client.received).toMatch(/connection: close\r\n/i)
  expect(client.received).toMatch(/x-path: \/during\r\n/i)
  expect(client.received).not.toMatch(/keep-alive/i)
  expect(await client.closed()).toBe('closed')
  await drained
})

test('a head that is given as a list keeps every field of a name that comes twice', async () => {
  const cookies = ['set-cookie', 'one=1', 'set-cookie', 'two=2']
  const { port } = await startService((_req, res) => res.writeHead(200, cookies).end('ok'), {
    settings: { keepAlive: 0 },
  })
  const client = await RawClient.connect(port)
  client.get('/')
  expect(await client.closed()).toBe('closed')
  expect(client.received.match(/^(set-cookie|connection): .*$/gim)).toEqual([
    'set-cookie: one=1',
    'set-cookie: two=2',
    'Connection: close',
  ])
})

test.each([
  ['an object', { connection: 'keep-alive', 'x-a': '1' }],
  ['a flat list', ['connection', 'keep-alive', 'x-a', '1']],
])('a head that is given as %s loses only its connection field', async (_name, fields) => {
  const release = deferred()
  const { context, service, port } = await startService(async (_req, res) => {
    await release.promise
    res.writeHead(200, fields).end('ok')
  })
  const client = await RawClient.connect(port)
  client.get('/')
  await context.request(0)
  const drained = service.drain(never)
  release.resolve()
  await drained
  await client.closed()
  expect(client.received).toMatch(/x-a: 1\r\n/i)
  expect(client.received.match(/^connection: .*$/gim)).toEqual(['Connection: close'])
})

test('of pipelined requests only the last response closes the connection', async () => {
  const release = deferred()
  const { context, service, port } = await startService(async (req, res) => {
    await release.promise
    res.end(`<${req.url}>`)
  })
  const client = await RawClient.connect(port)
  client.send('GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n')
  await context.request(1)
  const drained = service.drain(never)
  client.get('/3')
  await context.request(2)
  release.resolve()
  await drained
  await client.closed()
  expect(client.received).toMatch(/<\/1>.*<\/2>.*connection: close.*<\/3>/is)
  expect(client.received.match(/connection: close/gi)).toHaveLength(1)
})

test('an idle connection is closed, not reset, after the linger', async () => {
  const { service, port } = await startService((_req, res) => res.end('ok'), { lingerMs: 50 })
  const used = await RawClient.connect(port)
  used.get('/')
  await used.until(/ok/)
  const fresh = await RawClient.connect(port)
  await hasConnections(service, 2)
  await service.drain(never)
  expect(await used.closed()).toBe('closed')
  expect(await fresh.closed()).toBe('closed')
})

test('a connection that has sent half a head is waited for', async () => {
  const { service, port } = await startService((req, res) => res.end(req.url), { lingerMs: 20 })
  const used = await RawClient.connect(port)
  used.get('/first')
  await used.until(/\/first$/)
  const fresh = await RawClient.connect(port)
  for (const client of [used, fresh]) client.send('GET /second HTTP/1.1\r\nHost:')
  const idle = await RawClient.connect(port)
  await hasConnections(service, 3)
  const drained = service.drain(never)
  // The idle one is closed when the linger is over; the others are still open then.
  await idle.closed()
  for (const client of [used, fresh]) {
    expect(client.end).toBe('open')
    client.send(' h\r\n\r\n')
    await client.until(/connection: close\r\n.*\/second/is)
  }
  await drained
})

test.each(['before', 'during'])(
  'a response that was begun %s the drain is not cut by the linger while a slow client reads it',
  async begun => {
    const body = Buffer.alloc(32 * 1024 * 1024)
    const release = deferred()
    if (begun === 'before') release.resolve()
    const { context, service, port } = await startService(
      async (_req, res) => {
        await release.promise
        res.end(body)
      },
      // Nothing else closes a connection that does nothing.
      { lingerMs: 20, settings: { headersTimeout: 0 } },
    )
    const slow = await RawClient.connect(port)
    slow.socket.pause()
    slow.get('/')
    await context.request(0)
    const idle = await RawClient.connect(port)
    await hasConnections(service, 2)
    const drained = service.drain(never)
    release.resolve()
    // What does nothing is closed when the linger is over.
    expect(await idle.closed()).toBe('closed')
    slow.socket.resume()
    await drained
    await slow.closed()
    expect(slow.received.length).toBeGreaterThan(body.length)
    expect(context.requests[0]?.outcomes).toEqual([{ type: 'sent', status: 200 }])
  },
)

test('a connection that becomes idle after the linger has one of its own', async () => {
  const release = deferred()
  const { context, service, port } = await startService(
    async (req, res) => {
      // Headed before the drain: this response cannot say any more that the connection closes.
      res.writeHead(200).flushHeaders()
      if (req.url === '/first') await release.promise
      res.end(`<${req.url}>`)
    },
    { lingerMs: 50 },
  )
  const [busy, quiet, idle] = await Promise.all([port, port, port].map(target => RawClient.connect(target)))
  if (busy === undefined || quiet === undefined || idle === undefined) throw new TypeError('Three were made')
  for (const client of [busy, quiet]) client.get('/first')
  await context.request(1)
  await Promise.all([busy.until(/200 OK/), quiet.until(/200 OK/)])
  const drained = service.drain(never)
  await idle.closed()
  release.resolve()
  await busy.until(/<\/first>/)
  busy.get('/second')
  await busy.until(/<\/first>.*connection: close.*<\/second>/is)
  await drained
  expect(await quiet.closed()).toBe('closed')
})

test('at the deadline what is left is cut, reported as aborted and logged', async () => {
  const { context, service, port } = await startService((req, res) =>
    req.url === '/begun' ? res.write('begun') : undefined,
  )
  const beforeBegun = performance.now()
  const begun = await RawClient.connect(port)
  begun.get('/begun')
  await begun.until(/begun/)
  const afterBegun = performance.now()
  const beforeSilent = performance.now()
  const silent = await RawClient.connect(port)
  silent.send('POST /silent HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n')
  await context.request(1)
  const idle = await RawClient.connect(port)
  await hasConnections(service, 3)
  const [begunPeer, silentPeer] = [begun, silent].map(({ socket }) => `127.0.0.1:${socket.localPort}`)
  const deadline = new AbortController()
  const drained = service.drain(deadline.signal)
  const atDeadline = performance.now()
  deadline.abort()
  await drained
  const afterCut = performance.now()
  for (const client of [begun, silent, idle]) await client.closed()
  expect(begun.received).not.toMatch(/0\r\n\r\n$/)
  expect(context.requests.map(({ outcomes }) => outcomes)).toEqual([
    [{ type: 'aborted', status: 200 }],
    [{ type: 'aborted' }],
  ])
  expect(context.logged('warn').map(({ fields }) => fields)).toEqual([
    { method: 'GET', target: '/begun', seconds: expect.any(Number), peer: begunPeer },
    { method: 'POST', target: '/silent', seconds: expect.any(Number), peer: silentPeer },
  ])
  const [begunFor, silentFor] = context.logged('warn').map(({ fields }) => Number(fields?.seconds) * 1000)
  expect(begunFor).toBeGreaterThanOrEqual(Math.floor(atDeadline - afterBegun))
  expect(begunFor).toBeLessThanOrEqual(Math.ceil(afterCut - beforeBegun))
  // Not compared with the other, which may have been told of long before.
  expect(silentFor).toBeLessThanOrEqual(Math.ceil(afterCut - beforeSilent))
})

test('a deadline that has passed already cuts at once', async () => {
  const { context, service, port } = await startService(() => undefined)
  const client = await RawClient.connect(port)
  client.get('/')
  await context.request(0)
  await service.drain(AbortSignal.abort())
  expect(service.stats().connections).toBe(0)
  await client.closed()
})

test('an upgraded connection is in flight until it ends', async () => {
  const server = createServer((_req, res) => res.end())
  server.on('upgrade', (_req, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n')
    socket.pipe(socket)
  })
  const { context, service, port } = await startApp({ kind: 'node', value: server }, { lingerMs: 10 })
  const client = await RawClient.connect(port)
  client.get('/', { Upgrade: 'echo', Connection: 'Upgrade' })
  await client.until(/101/)
  const drained = service.drain(never)
  client.send('ping')
  await client.until(/ping$/)
  client.socket.end()
  await drained
  expect(context.requests[0]?.outcomes).toEqual([{ type: 'sent', status: 101 }])
})

test('clients that go on through a drain see neither a reset nor a short answer', async () => {
  const clients = 50
  let answers = 0
  let connected = 0
  const warm = deferred()
  const { service, url } = await startService(
    async (req, res) => {
      // Nothing is waited for: the answers are to end at different moments of the drain.
      await new Promise(resolve => setTimeout(resolve, answers % 4))
      for await (const _chunk of req);
      res.end('whole answer')
    },
    { lingerMs: 200 },
  )
  const loop = async (): Promise<string> => {
    const client = new Client(url)
    onTestFinished(() => client.destroy())
    for (let request = 1; ; request += 1) {
      const { statusCode, headers, body } = await client.request({ path: '/', method: 'POST', body: 'x' })
      const text = await body.text()
      if (statusCode !== 200 || text !== 'whole answer') return `${statusCode} ${text}`
      if (headers.connection === 'close') return 'told to leave'
      answers += 1
      // A connection that waits to be accepted is reset when the only listener closes.
      if (request === 1) connected += 1
      if (connected === clients && answers >= clients * 10) warm.resolve()
    }
  }
  const running = Promise.all(Array.from({ length: clients }, () => loop().catch(String)))
  await warm.promise
  await service.drain(AbortSignal.timeout(20_000))
  expect(new Set(await running)).toEqual(new Set(['told to leave']))
})

test('the linger is never longer than a quarter of the graceful timeout', async () => {
  const { service, port } = await startService((_req, res) => res.end('ok'), {
    settings: { gracefulTimeout: 0.2 },
  })
  const client = await RawClient.connect(port)
  client.get('/')
  await client.until(/ok$/)
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), 800)
  await service.drain(deadline.signal)
  clearTimeout(timer)
  expect(deadline.signal.aborted).toBe(false)
})

test.each(['a second later', 'at the deadline'])(
  'a client that has its last response and stays connected is let go of %s, without a word',
  async when => {
    const { context, service, port } = await startService((_req, res) =>
      res.writeHead(200, { connection: 'close' }).end('the last'),
    )
    const client = await RawClient.connect(port, { allowHalfOpen: true })
    client.get('/')
    await once(client.socket, 'end')
    const deadline = new AbortController()
    const drained = service.drain(deadline.signal)
    if (when === 'at the deadline') deadline.abort()
    await drained
    expect(client.end).toBe('open')
    expect(context.logged('warn')).toEqual([])
  },
)
