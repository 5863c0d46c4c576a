/** What an app says that would break the framing of its response is neither sent nor silent. The rows of the policy have the rest. */
import { RawClient } from '@tunicorn/harness/vitest'
import { expect, test } from 'vitest'
import { startService } from '../support/start-service.js'

test('an app whose body is longer than its length fails, and its client gets a 500 instead', async () => {
  const { context, port } = await startService((_req, res) => {
    res.setHeader('content-length', 5)
    res.end('hello world')
  })
  const client = await RawClient.connect(port)
  client.get('/long')
  await client.until(/^HTTP\/1\.1 500 .*connection: close\r\n/is)
  expect(await client.closed()).toBe('closed')
  expect(client.received).not.toMatch(/world/)
  expect(await (await context.request(0)).outcome()).toMatchObject({ type: 'failed', status: 500 })
  const [line] = context.logged('error')
  expect(line?.message).toBe('Error handling request GET /long')
  expect(String(line?.fields.error)).toMatch(/longer than its content-length: 11 bytes in place of 5/)
})

test('an app that is taken its response from sees a client that leaves', async () => {
  const closed: boolean[] = []
  const { context, port } = await startService((_req, res) => {
    res.on('close', () => closed.push(res.destroyed))
    res.writeHead(200, { 'content-length': 'many' })
    expect(res.write('a')).toBe(false)
    res.end('b')
  })
  const client = await RawClient.connect(port)
  client.get('/')
  await client.until(/^HTTP\/1\.1 500 /)
  await client.closed()
  await expect.poll(() => closed).toEqual([true])
  expect(context.logged('error')).toHaveLength(1)
})

test('early hints with a line break are refused, and HTTP/1.0 gets none', async () => {
  const { context, port } = await startService((req, res) => {
    const value = req.url === '/bad' ? 'a\r\nSet-Cookie: b=c' : 'a'
    res.writeEarlyHints({ link: '</s.css>; rel=preload; as=style', 'x-a': value })
    res.end('ok')
  })
  const bad = await RawClient.connect(port)
  bad.get('/bad')
  await bad.until(/^HTTP\/1\.1 500 /)
  expect(context.logged('error')).toHaveLength(1)
  const good = await RawClient.connect(port)
  good.get('/good')
  await good.until(/^HTTP\/1\.1 103 .*x-a: a\r\n.*HTTP\/1\.1 200 /is)
  const old = await RawClient.connect(port)
  old.send('GET / HTTP/1.0\r\n\r\n')
  await old.until(/^HTTP\/1\.1 200 /)
})

test('an upload that is refused on a closing connection gets its answer while the client goes on sending', async () => {
  const { port } = await startService((_req, res) => res.end('served'), {
    settings: { limitRequestBody: 1000 },
  })
  const client = await RawClient.connect(port, { allowHalfOpen: true })
  const bytes = 6 * 1024 * 1024
  client.send(`POST / HTTP/1.0\r\nConnection: close\r\nContent-Length: ${bytes}\r\n\r\n`)
  let isAnswered = false
  for (let sent = 0; sent < bytes; sent += 65_536) {
    await new Promise<void>(resolve => client.socket.write('a'.repeat(65_536), () => resolve()))
    // For longer than the server would wait for a client that is silent.
    await new Promise(resolve => setTimeout(resolve, 35))
    isAnswered ||= /^HTTP\/1\.1 413 /.test(client.received)
  }
  client.socket.end()
  expect(isAnswered).toBe(true)
  expect(await client.closed()).toBe('closed')
})
