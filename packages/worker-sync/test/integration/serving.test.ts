import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import { connect } from 'node:net'
import { rawExchange } from '@tunicorn/harness'
import { expect, onTestFinished, test } from 'vitest'
import { startWorker } from '../support/test-worker.js'

test('the listener is paused by the first connection and resumed when it is gone', async () => {
  const { listener } = await startWorker((_req, res) => res.end('never asked'), { maxRequests: 0 })
  const client = connect(listener.port, '127.0.0.1')
  await expect.poll(() => listener.isAccepting).toBe(false)
  expect(listener.pauses).toBe(1)
  client.destroy()
  await expect.poll(() => listener.isAccepting).toBe(true)
})

test('every response closes its connection, also for a client that would keep it', async () => {
  const { url } = await startWorker((_req, res) => res.end('one'))
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  const sent = request(url, { agent })
  sent.end()
  const [response] = await once(sent, 'response')
  expect(response.headers.connection).toBe('close')
  response.resume()
  await once(response, 'end')
})

test('a second request on the same connection is not served', async () => {
  const targets: (string | undefined)[] = []
  const { listener } = await startWorker((req, res) => {
    targets.push(req.url)
    res.end('one')
  })
  const head = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`
  const answer = await rawExchange({ port: listener.port }, head('/first') + head('/second'))
  expect(answer.toString().match(/HTTP\/1\.1 200/g)).toHaveLength(1)
  expect(targets).toEqual(['/first'])
})

test('an upgrade is refused with 501, although the app has a handler for it', async () => {
  const server = createServer((_req, res) => res.end())
  server.on('upgrade', () => {
    throw new Error('This class hands over no upgrades')
  })
  const { listener } = await startWorker({ kind: 'node', value: server })
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
  const answer = await rawExchange({ port: listener.port }, `GET / HTTP/1.1\r\nHost: test\r\n${upgrade}`)
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 501 /)
  expect(answer.toString()).toMatch(/connection: close/i)
})

test('both directions are streamed', async () => {
  const { url } = await startWorker((req, res) => {
    res.flushHeaders()
    req.pipe(res)
  })
  const sent = request(url, { method: 'POST' })
  sent.write('first')
  const [response] = await once(sent, 'response')
  const [chunk] = await once(response, 'data')
  expect(String(chunk)).toBe('first')
  sent.end('second')
  const [rest] = await once(response, 'data')
  expect(String(rest)).toBe('second')
})

test('an app of kind fetch is served, with a streamed response', async () => {
  const { url } = await startWorker({
    kind: 'fetch',
    value: { fetch: async (req: Request) => new Response(req.body === null ? 'none' : await req.text()) },
  })
  const answer = await fetch(url, { method: 'POST', body: 'hello' })
  expect(await answer.text()).toBe('hello')
})

test('a response that comes before the request was read is not lost to a reset', async () => {
  const { listener, outcome } = await startWorker((_req, res) => res.end(Buffer.alloc(1_048_576, 'x')))
  const client = connect(listener.port, '127.0.0.1')
  onTestFinished(() => {
    client.destroy()
  })
  client.pause()
  client.write('POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 20000000\r\n\r\n')
  client.write(Buffer.alloc(10_000_000))
  // From here on all that the client has not read is in the kernel, as is all that the worker has not.
  expect(await outcome()).toEqual({ type: 'sent', status: 200 })
  client.resume()
  let bytes = 0
  client.on('data', chunk => {
    bytes += chunk.length
  })
  await once(client, 'end')
  expect(bytes).toBeGreaterThan(1_048_576)
})

test('a client that leaves is reported as aborted, and the next one is served', async () => {
  const { listener, outcome, url } = await startWorker(
    (req, res) => {
      if (req.url === '/wait') res.write('a part')
      else res.end('served')
    },
    { maxRequests: 0 },
  )
  const client = connect(listener.port, '127.0.0.1')
  client.write('GET /wait HTTP/1.1\r\nHost: test\r\n\r\n')
  await once(client, 'data')
  client.destroy()
  expect(await outcome()).toMatchObject({ type: 'aborted' })
  await expect.poll(() => listener.isAccepting).toBe(true)
  expect(await (await fetch(url)).text()).toBe('served')
})

test('a body that fails before a byte was sent gets a 500', async () => {
  const broken = new Error('broken before the first byte')
  const { url, outcome, lines } = await startWorker({
    kind: 'fetch',
    value: () => new Response(new ReadableStream({ pull: () => Promise.reject(broken) })),
  })
  const response = await fetch(url)
  expect([response.status, await response.text()]).toEqual([500, 'Internal Server Error'])
  expect(await outcome()).toEqual({ type: 'failed', status: 500, error: broken })
  expect(lines.filter(line => line.startsWith('error'))).toEqual(['error Error handling request GET /'])
})
