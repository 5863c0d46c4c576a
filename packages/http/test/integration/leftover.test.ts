/** What a client still sends of a request that was answered. */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { deferred } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { describe, expect, test } from 'vitest'
import { hasConnections } from '../support/has-connections.js'
import { type RunningService, startApp, startService } from '../support/start-service.js'

const never = new AbortController().signal
const halfSent = 'POST /half HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nabc'

/** Answers without having read a body, each in its own way. */
const apps: Readonly<Record<string, () => Promise<RunningService>>> = {
  'does not look at it': () => startService((_req, res) => res.end('answered')),
  'has read a part, and paused': () =>
    startService(async (req, res) => {
      req.on('data', () => req.pause())
      await once(req, 'pause')
      req.removeAllListeners('data')
      res.end('answered')
    }),
  'is of kind fetch and does not look at it': () =>
    startApp({ kind: 'fetch', value: () => new Response('answered') }),
}

describe.each(Object.keys(apps))('a half-sent body, and an app that %s', name => {
  const start = async (): Promise<RunningService & { readonly client: RawClient }> => {
    const running = await (apps[name] as () => Promise<RunningService>)()
    const client = await RawClient.connect(running.port)
    client.send(halfSent)
    await client.until(/answered$/)
    return { ...running, client }
  }

  test('when the rest comes, the connection is used again', async () => {
    const { client } = await start()
    client.received = ''
    client.send(`${'d'.repeat(997)}GET /next HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n.`)
    await client.until(/answered$/)
  })

  test('when nothing comes, the connection is closed', async () => {
    const { client, context } = await start()
    await client.closed()
    expect(client.received.match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(context.requests[0]?.outcomes).toEqual([{ type: 'sent', status: 200 }])
  })

  test('a drain does not wait for it', async () => {
    const { client, context, service } = await start()
    const beganAt = performance.now()
    await service.drain(never)
    expect(performance.now() - beganAt).toBeLessThan(15_000)
    await client.closed()
    expect(context.logged('warn')).toEqual([])
  })
})

test('a client that goes on with its body for long is read, until it has sent too much', async () => {
  const { context, port } = await startService((_req, res) => res.end('answered'))
  const client = await RawClient.connect(port)
  client.send('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n')
  const chunk = `${(0x10_0000).toString(16)}\r\n${'x'.repeat(0x10_0000)}\r\n`
  let sent = 0
  const more = (): void => {
    sent += 1
    client.socket.write(chunk, 'latin1', error => {
      if (error == null) more()
    })
  }
  more()
  await client.until(/answered$/)
  await client.closed()
  expect(sent).toBeGreaterThan(16)
  expect(context.requests[0]?.outcomes).toEqual([{ type: 'sent', status: 200 }])
})

/** Answers first and reads then. */
async function startReader(): Promise<RunningService & { readonly whole: Promise<string> }> {
  let found = (_text: string): void => undefined
  const whole = new Promise<string>(resolve => {
    found = resolve
  })
  const running = await startService((req: IncomingMessage, res) => {
    if (req.url !== '/reads') return res.end('answered')
    let text = ''
    req.on('data', chunk => {
      text += chunk
    })
    req.on('end', () => found(text))
    return res.end('reading')
  })
  return { ...running, whole }
}

test('a body that the app goes on reading is its own, however long the client takes', async () => {
  const { port, whole } = await startReader()
  const reads = await RawClient.connect(port)
  reads.send('POST /reads HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc')
  await reads.until(/reading$/)
  const ignores = await RawClient.connect(port)
  ignores.send(halfSent)
  // As long as one that nobody reads is kept open, and a little longer.
  await ignores.closed()
  reads.send('def')
  expect(await whole).toBe('abcdef')
  reads.get('/next')
  await reads.until(/answered$/)
})

test('in a drain even such a client is not waited for once it is silent, and the log says so', async () => {
  const { context, port, service } = await startReader()
  const client = await RawClient.connect(port)
  client.send('POST /reads HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc')
  await client.until(/reading$/)
  const { localPort } = client.socket
  const beganAt = performance.now()
  await service.drain(never)
  expect(performance.now() - beganAt).toBeLessThan(15_000)
  expect(context.logged('warn')).toMatchObject([
    {
      message: expect.stringContaining('POST /reads'),
      fields: { method: 'POST', target: '/reads', peer: `127.0.0.1:${localPort}` },
    },
  ])
})

test('in a drain a body that a fetch app has begun to read is not waited for either', async () => {
  const { port, service } = await startApp({
    kind: 'fetch',
    value: async (request: Request) => {
      await request.body?.getReader().read()
      return new Response('answered')
    },
  })
  const client = await RawClient.connect(port)
  client.send(halfSent)
  await client.until(/answered$/)
  const beganAt = performance.now()
  await service.drain(never)
  expect(performance.now() - beganAt).toBeLessThan(15_000)
})

test('a body that ends in a drain leaves an idle connection, which is closed as others are', async () => {
  const { port, service, whole } = await startReader()
  const client = await RawClient.connect(port)
  client.send('POST /reads HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc')
  await client.until(/reading$/)
  const idle = await RawClient.connect(port)
  await hasConnections(service, 2)
  const drained = service.drain(never)
  // The linger is over.
  await idle.closed()
  client.send('def')
  expect(await whole).toBe('abcdef')
  await drained
  expect(await client.closed()).toBe('closed')
})

test.each([
  ['is cut short', (client: RawClient) => void client.socket.end()],
  ['is no body', (client: RawClient) => void client.send('not a size\r\n')],
])('a body that %s after its answer gets no second one', async (_name, spoil) => {
  const { port } = await startService((_req, res) => res.end('answered'))
  const client = await RawClient.connect(port, { allowHalfOpen: true })
  client.send('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n')
  await client.until(/answered\r\n|answered$/)
  spoil(client)
  client.socket.once('end', () => client.socket.end())
  await client.closed()
  expect(client.received.match(/HTTP\/1\.1/g)).toHaveLength(1)
})

describe('the last response of a connection', () => {
  test.each([
    ['HTTP/1.0', 'POST / HTTP/1.0\r\nContent-Length: 30000000\r\n\r\n'],
    [
      'Connection: close',
      'POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 30000000\r\n\r\n',
    ],
  ])('reaches a client that is still sending, with %s', async (_name, head) => {
    const { context, port, service } = await startService((_req, res) => res.writeHead(413).end('too large'))
    const client = await RawClient.connect(port)
    client.socket.pause()
    client.send(head)
    client.socket.write(Buffer.alloc(10_000_000))
    expect(await (await context.request(0)).outcome()).toEqual({ type: 'sent', status: 413 })
    // The server has closed its side, with or without a reset, before the client looks.
    await hasConnections(service, 0)
    client.socket.resume()
    await client.closed()
    expect(client.received).toMatch(/^HTTP\/1\.1 413 .*too large/is)
  })

  test('closes within moments when the rest does not come', async () => {
    const { port, service } = await startService((_req, res) => res.end('answered'), {
      settings: { keepAlive: 0 },
    })
    const client = await RawClient.connect(port, { allowHalfOpen: true })
    client.send(halfSent)
    await hasConnections(service, 0)
    await client.until(/connection: close\r\n.*answered$/is)
  })

  test('is followed by no other request', async () => {
    const { context, port, service } = await startService((_req, res) => {
      res.setHeader('connection', 'close')
      res.end('answered')
    })
    const client = await RawClient.connect(port, { allowHalfOpen: true })
    client.send(halfSent)
    await client.until(/answered$/)
    client.send(`${'d'.repeat(997)}GET /next HTTP/1.1\r\nHost: h\r\n\r\n`)
    await hasConnections(service, 0)
    expect(context.requests).toHaveLength(1)
  })
})

test('at the deadline of a drain all that is cut is logged, with its peer and its request', async () => {
  const release = deferred()
  const { context, port, service } = await startService(async (req, res) => {
    if (req.url === '/silent') await release.promise
    res.end('answered')
  })
  const [silent, half, head, idle] = await Promise.all([1, 2, 3, 4].map(() => RawClient.connect(port)))
  if (!silent || !half || !head || !idle) throw new TypeError('Four were made')
  const [silentPeer, halfPeer, headPeer] = [silent, half, head].map(
    ({ socket }) => `127.0.0.1:${socket.localPort}`,
  )
  silent.get('/silent')
  half.send(halfSent)
  idle.get('/')
  head.get('/')
  await Promise.all([half, head, idle].map(client => client.until(/answered$/)))
  head.send('GET /unfinished HTTP/1.1\r\n')
  await expect.poll(() => context.requests.length).toBe(4)
  const deadline = new AbortController()
  const drained = service.drain(deadline.signal)
  // The part of a head has arrived when another connection that sent later is served.
  await idle.get('/other').until(/answered.*answered$/s)
  deadline.abort()
  await drained
  const lines = context.logged('warn')
  expect(lines.map(({ fields }) => fields)).toEqual(
    expect.arrayContaining([
      { method: 'GET', target: '/silent', seconds: expect.any(Number), peer: silentPeer },
      { method: 'POST', target: '/half', seconds: expect.any(Number), peer: halfPeer },
      { peer: headPeer },
    ]),
  )
  expect(lines).toHaveLength(3)
  for (const { message } of lines)
    expect(message).toMatch(/^Cut at the deadline of the drain: .*127\.0\.0\.1:\d+/)
  release.resolve()
})
