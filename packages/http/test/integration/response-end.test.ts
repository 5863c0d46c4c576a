/** How the service learns that a response has ended, whatever the app does with it. */

import { createServer, ServerResponse } from 'node:http'
import { deferred } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { startService } from '../support/start-service.js'

test('a response whose prototype and events the app replaces ends its request when it is sent', async () => {
  const closed: string[] = []
  const prototype: object = Object.create(ServerResponse.prototype)
  const { context, port } = await startService((req, res) => {
    Object.setPrototypeOf(res, prototype)
    const emit = res.emit.bind(res)
    Object.assign(res, { emit: (event: string, ...args: unknown[]) => emit(event, ...args) })
    res.once('close', () => closed.push(`${req.url} once`))
    res.on('close', () => closed.push(`${req.url} on`))
    res.end('ok')
  })
  const client = await RawClient.connect(port)
  client.get('/1')
  client.get('/2')
  await client.until(/ok.*ok/s)
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'sent', status: 200 })
  expect(await (await context.request(1)).outcome()).toEqual({ type: 'sent', status: 200 })
  expect(closed).toContain('/1 once')
  expect(closed).toContain('/1 on')
})

test('an app that takes all listeners off its response does not hide its end', async () => {
  const { context, url } = await startService((_req, res) => {
    res.removeAllListeners('close')
    res.end('ok')
  })
  await (await request(url)).body.dump()
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'sent', status: 200 })
})

test('the end of a response of HTTP/1.0 and of HEAD is seen', async () => {
  const { context, port } = await startService((_req, res) => res.end('ok'))
  const client = await RawClient.connect(port)
  client.send('HEAD / HTTP/1.1\r\nHost: h\r\n\r\n')
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'sent', status: 200 })
  client.send('GET / HTTP/1.0\r\n\r\n')
  expect(await (await context.request(1)).outcome()).toEqual({ type: 'sent', status: 200 })
  await client.closed()
})

test.each(['the app wants it', 'the worker drains'])(
  'a client that sends its next request behind the last response has that, when the connection ends because %s',
  async why => {
    const begun = deferred()
    const { context, port, service } = await startService(async (_req, res) => {
      await begun.promise
      if (why === 'the app wants it') res.setHeader('connection', 'close')
      res.end('the last')
    })
    const client = await RawClient.connect(port)
    client.socket.pause()
    client.get('/')
    await context.request(0)
    const drained = why === 'the worker drains' ? service.drain(new AbortController().signal) : undefined
    begun.resolve()
    await (await context.request(0)).outcome()
    // The first write to a closed socket brings a reset, the next one fails, and what was received is never read.
    for (const byte of 'GET /more HTTP/1.1\r\nHost: h\r\n\r\n') {
      client.send(byte)
      await new Promise(resolve => setImmediate(resolve))
    }
    client.socket.resume()
    expect(await client.closed()).toBe('closed')
    expect(client.received).toMatch(/^HTTP\/1.1 200 .*the last$/s)
    expect(context.requests).toHaveLength(1)
    expect(context.refusals).toEqual([])
    await drained
  },
)

test('servers of the app and other services in the same process are kept apart', async () => {
  const own = createServer((_req, res) => res.end('own'))
  await new Promise<void>(resolve => own.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void own.close())
  const address = own.address()
  if (address === null || typeof address === 'string') throw new TypeError('Expected a port')
  const ownUrl = `http://127.0.0.1:${address.port}`
  const inner = await startService((_req, res) => res.end('inner'))
  const outer = await startService(async (req, res) => {
    if (req.url === '/alone') return res.end('alone')
    const texts = [ownUrl, inner.url].map(async url => (await request(url)).body.text())
    const text = (await Promise.all(texts)).join()
    expect(outer.context.requests[0]?.outcomes).toEqual([])
    return res.end(text)
  })
  expect(await (await request(outer.url)).body.text()).toBe('own,inner')
  expect(await (await outer.context.request(0)).outcome()).toEqual({ type: 'sent', status: 200 })
  expect(inner.context.requests.map(({ outcomes }) => outcomes.length)).toEqual([1])
  await inner.service.close()
  expect(await (await request(`${outer.url}/alone`)).body.text()).toBe('alone')
  expect(await (await outer.context.request(1)).outcome()).toEqual({ type: 'sent', status: 200 })
})

test('the address that was read at the beginning is known when the connection is gone', async () => {
  const { context, port } = await startService((_req, res) => res.write('begun'))
  const client = await RawClient.connect(port)
  client.get('/')
  await client.until(/begun/)
  const { head } = await context.request(0)
  expect(head.remoteAddress).toBe('127.0.0.1')
  client.socket.destroy()
  expect(await (await context.request(0)).outcome()).toEqual({ type: 'aborted', status: 200 })
  expect(head.remoteAddress).toBe('127.0.0.1')
})
