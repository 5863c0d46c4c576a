import { LocalListener } from '@tunicorn/arbiter/worker'
import { RawClient } from '@tunicorn/harness/vitest'
import { expect, test } from 'vitest'
import { startService } from '../support/start-service.js'

test('at the limit of connections every listener is paused, below it they accept again', async () => {
  const listeners = [new LocalListener(), new LocalListener()] as const
  const { service, port } = await startService((req, res) => res.end(req.url), {
    settings: { workerConnections: 2 },
    listeners: [...listeners],
  })
  const first = await RawClient.connect(port)
  const second = await RawClient.connect(listeners[1].port)
  await expect.poll(() => listeners[0].isAccepting).toBe(false)
  expect(service.stats()).toEqual({ connections: 2 })
  expect(listeners.map(listener => listener.isAccepting)).toEqual([false, false])
  await expect(RawClient.connect(port)).rejects.toThrow(/ECONNREFUSED/)
  // Established connections are not touched.
  first.get('/first')
  await first.until(/\/first$/)
  first.socket.destroy()
  await Promise.all(listeners.map(listener => expect.poll(() => listener.isAccepting).toBe(true)))
  const third = await RawClient.connect(port)
  third.get('/third')
  await third.until(/\/third$/)
  second.get('/second')
  await second.until(/\/second$/)
})

test('without a limit nothing is paused', async () => {
  const { listener, service, port } = await startService((_req, res) => res.end('ok'), {
    settings: { workerConnections: 0 },
  })
  const clients = await Promise.all(Array.from({ length: 20 }, () => RawClient.connect(port)))
  for (const client of clients) client.get('/')
  await Promise.all(clients.map(client => client.until(/ok$/)))
  expect(service.stats().connections).toBe(20)
  expect(listener.isAccepting).toBe(true)
})

test('one connection at a time serves every client, and two requests never overlap', async () => {
  let inFlight = 0
  let most = 0
  const { listener, port } = await startService(
    async (_req, res) => {
      inFlight += 1
      most = Math.max(most, inFlight)
      await new Promise(resolve => setImmediate(resolve))
      inFlight -= 1
      res.end('ok')
    },
    { settings: { workerConnections: 1, keepAlive: 0 } },
  )
  for (let round = 0; round < 20; round += 1) {
    const client = await RawClient.connect(port)
    client.get('/')
    await client.until(/ok/)
    await expect.poll(() => listener.isAccepting).toBe(true)
  }
  expect(most).toBe(1)
})

test('a worker whose listener cannot be resumed asks to be replaced', async () => {
  const listener = new LocalListener()
  const { context, port } = await startService((_req, res) => res.end('ok'), {
    settings: { workerConnections: 1 },
    listeners: [listener],
  })
  const gone = new Error('the arbiter has no handle')
  listener.resume = () => Promise.reject(gone)
  const client = await RawClient.connect(port)
  client.get('/')
  await client.until(/ok$/)
  client.socket.destroy()
  await expect.poll(() => context.retirements).toEqual(['a listener could not be resumed'])
  expect(context.logged('error')).toMatchObject([{ fields: { error: gone } }])
})

test('closing cuts what is left, ends its requests and can be said twice', async () => {
  const { context, listener, service, port } = await startService(() => undefined)
  const client = await RawClient.connect(port)
  client.get('/')
  await context.request(0)
  await Promise.all([service.close(), service.close()])
  expect(context.requests[0]?.outcomes).toEqual([{ type: 'aborted' }])
  expect(listener.isAccepting).toBe(false)
  expect(service.stats()).toEqual({ connections: 0 })
  await client.closed()
})
