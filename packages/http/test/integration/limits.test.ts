import { deferred } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { startService } from '../support/start-service.js'

test('a request line above the limit is refused with 414 and the connection is closed', async () => {
  const { context, port } = await startService((_req, res) => res.end('served'), {
    settings: { limitRequestLine: 100 },
  })
  const longest = `/${'a'.repeat(85)}`
  const allowed = await RawClient.connect(port)
  allowed.get(longest)
  await allowed.until(/served/)
  const refused = await RawClient.connect(port)
  refused.get(`${longest}aa`)
  expect(await refused.closed()).toBe('closed')
  expect(refused.received).toMatch(/^HTTP\/1.1 414 .*connection: close\r\n.*URI Too Long$/is)
  expect(await (await context.request(1)).outcome()).toEqual({ type: 'sent', status: 414 })
})

test('more header fields than allowed are refused with 431', async () => {
  const { port } = await startService((_req, res) => res.end('served'), {
    settings: { limitRequestFields: 50 },
  })
  const fields = (count: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count - 1 }, (_, index) => [`x-${index}`, 'v']))
  const allowed = await RawClient.connect(port)
  allowed.get('/', fields(50))
  await allowed.until(/served/)
  const refused = await RawClient.connect(port)
  refused.get('/', fields(51))
  await refused.until(/^HTTP\/1.1 431 /)
  expect(await refused.closed()).toBe('closed')
})

test('a header field above the limit is refused with 431, the largest allowed one is served', async () => {
  const { port } = await startService((req, res) => res.end(String(req.headers['x-a']?.length)))
  const allowed = await RawClient.connect(port)
  allowed.get('/', { 'x-a': 'v'.repeat(16384 - 5) })
  await allowed.until(/16379$/)
  const refused = await RawClient.connect(port)
  refused.get('/', { 'x-a': 'v'.repeat(16384 - 4) })
  await refused.until(/^HTTP\/1.1 431 /)
  expect(await refused.closed()).toBe('closed')
})

test('a head that is larger than every limit together is refused with 431', async () => {
  const { port } = await startService((_req, res) => res.end('served'), {
    settings: { limitRequestFields: 2, limitRequestFieldSize: 100 },
  })
  const client = await RawClient.connect(port)
  client.get('/', { 'x-a': 'v'.repeat(100_000) })
  await client.until(/^HTTP\/1.1 431 .*connection: close\r\n/is)
  expect(await client.closed()).toBe('closed')
})

test('a body whose length is above the limit is refused with 413 before it comes', async () => {
  const { context, port } = await startService((_req, res) => res.end('served'), {
    settings: { limitRequestBody: 1000 },
  })
  const client = await RawClient.connect(port)
  client.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n')
  await client.until(/^HTTP\/1.1 413 Payload Too Large\r\n.*connection: close\r\n/is)
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'sent', status: 413 })
  expect(await client.closed()).toBe('closed')
})

test('a client that is still sending a refused body gets the answer, not a reset', async () => {
  const { port } = await startService((_req, res) => res.end('served'), {
    settings: { limitRequestBody: 1000 },
  })
  const client = await RawClient.connect(port)
  const bytes = 8 * 1024 * 1024
  client.send(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${bytes}\r\n\r\n`)
  client.send('a'.repeat(bytes))
  await client.until(/^HTTP\/1.1 413 .*Payload Too Large$/s)
  expect(await client.closed()).toBe('closed')
})

test('a body of unknown length is refused with 413 when it grows above the limit', async () => {
  const received: string[] = []
  const { context, port } = await startService(
    (req, res) => {
      req.on('data', chunk => received.push(String(chunk)))
      req.on('end', () => res.end('the whole body'))
    },
    { settings: { limitRequestBody: 10 } },
  )
  const client = await RawClient.connect(port)
  client.send('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n')
  await context.request(0)
  client.send('3\r\nabc\r\n0\r\n\r\n')
  await client.until(/^HTTP\/1.1 413 .*connection: close\r\n/is)
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'sent', status: 413 })
  await client.closed()
  expect(client.received).not.toMatch(/the whole body/)
  expect(received.join('')).not.toMatch(/abc/)
})

test('an app that answers late a body that was cut does not fail', async () => {
  const answered = deferred()
  const { context, port, url } = await startService(
    (req, res) => {
      if (req.method === 'GET') return res.end('alive')
      req.resume()
      req.on('close', () => {
        res.writeHead(200, { 'x-late': '1' })
        res.end('late')
        answered.resolve()
      })
      return undefined
    },
    { settings: { limitRequestBody: 10 } },
  )
  const client = await RawClient.connect(port)
  client.send('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n')
  await client.until(/^HTTP\/1.1 413 /)
  client.socket.destroy()
  await answered.promise
  expect(await (await request(url)).body.text()).toBe('alive')
  expect(context.logged('error')).toEqual([])
})

test.each([
  ['no HTTP at all', 'HELLO\r\n\r\n'],
  ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ['a space in a field name', 'GET / HTTP/1.1\r\nHost: h\r\nBad Name: 1\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  ],
])('a malformed request is refused with 400 and the connection is closed: %s', async (_name, bytes) => {
  const { port, url } = await startService((_req, res) => res.end('served'))
  const client = await RawClient.connect(port)
  client.send(bytes)
  await client.until(/^HTTP\/1.1 400 Bad Request\r\n.*connection: close\r\n/is)
  expect(await client.closed()).toBe('closed')
  expect(await (await request(url)).body.text()).toBe('served')
})

test('a malformed body cuts a response that was begun', async () => {
  const { context, port } = await startService((_req, res) => res.write('begun'))
  const client = await RawClient.connect(port)
  client.send('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n')
  await client.until(/begun/)
  client.send('not a chunk\r\n')
  await client.closed()
  expect(client.received).not.toMatch(/400/)
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'aborted', status: 200 })
})

test('a head that does not come in time is refused with 408', async () => {
  const { port } = await startService((_req, res) => res.end('served'), { settings: { headersTimeout: 0.5 } })
  const client = await RawClient.connect(port)
  client.send('GET / HTTP/1.1\r\nHost: h\r\n')
  await client.until(/^HTTP\/1.1 408 Request Timeout\r\n.*connection: close\r\n/is)
  expect(await client.closed()).toBe('closed')
})

test('a connection on which nothing comes is closed without an answer, when neither timeout allows more', async () => {
  const { port } = await startService((_req, res) => res.end('served'), {
    settings: { headersTimeout: 0.5, keepAlive: 0 },
  })
  const client = await RawClient.connect(port)
  expect(await client.all()).toBe('')
})

test('the first byte may come as late as an idle connection is kept, and the head has its time from there', async () => {
  const { port } = await startService((_req, res) => res.end('served'), {
    settings: { headersTimeout: 0.5, keepAlive: 30 },
  })
  const early = await RawClient.connect(port)
  early.send('G')
  const unused = await RawClient.connect(port)
  // Node has looked for late heads, and has found one.
  await early.until(/^HTTP\/1\.1 408 /)
  expect(unused.end).toBe('open')
  unused.get('/')
  await unused.until(/served/)
  const slow = await RawClient.connect(port)
  const again = await RawClient.connect(port)
  again.send('G')
  await again.until(/^HTTP\/1\.1 408 /)
  slow.send('GET / HTTP/1.1\r\n')
  await slow.until(/^HTTP\/1\.1 408 /)
})

test('a body that does not come in time is refused with 408', async () => {
  const { context, port } = await startService(
    (req, res) => req.on('end', () => res.end('served')).resume(),
    {
      settings: { requestTimeout: 0.5 },
    },
  )
  const client = await RawClient.connect(port)
  client.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n123')
  await client.until(/^HTTP\/1.1 408 /)
  await client.closed()
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'sent', status: 408 })
})
