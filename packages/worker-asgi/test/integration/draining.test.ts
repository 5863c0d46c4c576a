import { once } from 'node:events'
import type { App } from '@tunicorn/worker-asgi'
import { expect, test } from 'vitest'
import { http, waiting } from '../support/apps.js'
import type { Probe } from '../support/probe.js'
import { get } from '../support/requests.js'
import { startScene } from '../support/scene.js'

/** Says that its client has left, and goes on. */
const staying = (probe: Probe): App =>
  http(async scope => {
    probe.note('waits')
    await new Promise(resolve => scope.extensions.server?.signal.addEventListener('abort', resolve))
    probe.note('aborted')
    await new Promise(() => {})
  })

test('given a busy request, when the server drains, expect it to be answered with `connection: close`', async () => {
  const { server, connect, probe } = await startScene(waiting)
  const client = await connect()
  client.send(get('/wait'))
  await probe.noted(1)
  const closed = server.close()
  probe.note('go')
  expect(await client.all()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*\/wait$/is)
  await closed
})

test('given a busy request, when the server drains, expect new connections to be refused', async () => {
  const { server, connect, probe } = await startScene(waiting)
  const client = await connect()
  client.send(get('/wait'))
  await probe.noted(1)
  const closed = server.close()
  await expect(connect()).rejects.toThrow(/ECONNREFUSED/)
  probe.note('go')
  await client.closed()
  await closed
})

test('given a request that never ends, when the graceful timeout is over, expect it to be cut and named', async () => {
  const { server, connect, probe } = await startScene(staying)
  const client = await connect()
  client.send(get('/slow'))
  await probe.noted(1)
  await server.close(0.1)
  await client.closed()
  expect(await probe.noted(2)).toEqual(['waits', 'aborted'])
  await probe.logged(/Cut at the deadline of the drain: GET \/slow/)
  await probe.logged(/Cancel 1 running task\(s\), timeout graceful shutdown exceeded/)
})

test('given a half-sent body that the app has read in part, when the server drains, expect it not to wait', async () => {
  const app = http(async (_scope, receive, send) => {
    await receive()
    await send({ type: 'http.response.start', status: 200 })
    await send({ type: 'http.response.body', body: 'answered' })
  })
  const { server, connect, probe } = await startScene(() => app)
  const client = await connect()
  await client.send(`${get('/', ['Content-Length: 1000'], 'POST')}abc`).until(/answered/)
  const beganAt = performance.now()
  await server.close()
  // Half of the graceful timeout.
  expect(performance.now() - beganAt).toBeLessThan(15_000)
  probe.expectNoErrors()
})

test('given an event stream, when the server drains, expect `draining` to abort, no disconnect, and the stream to end by itself', async () => {
  const { server, connect, probe } = await startScene(probe =>
    http(async (scope, receive, send) => {
      await receive()
      let isDisconnected = false
      void receive().then(() => {
        isDisconnected = true
      })
      await send({
        type: 'http.response.start',
        status: 200,
        headers: [['content-type', 'text/event-stream']],
      })
      await send({ type: 'http.response.body', moreBody: true })
      const draining = scope.extensions.server?.draining
      await new Promise(resolve => draining?.addEventListener('abort', resolve))
      probe.note([isDisconnected, scope.extensions.server?.signal.aborted])
      await send({ type: 'http.response.body', body: 'data: bye\n\n' })
    }),
  )
  const client = await connect()
  await client.send(get()).until(/text\/event-stream\r\n.*\r\n\r\n$/s)
  await server.close()
  expect(await probe.noted(1)).toEqual([[false, false]])
  expect(await client.all()).toMatch(/data: bye\n\n\r\n0\r\n\r\n$/)
})

test('given an app that goes on after its client has left, when the server stops, expect it to wait for a while and no longer', async () => {
  const { server, connect, probe } = await startScene(staying)
  const client = await connect()
  client.send(get())
  await probe.noted(1)
  client.socket.destroy()
  await probe.noted(2)
  await server.close()
  probe.expectNoErrors()
})

test('a promise given to `waitUntil` keeps the server, and a rejection is logged', async () => {
  let finish = (): void => {}
  const { server, connect, probe } = await startScene(probe =>
    http(async (scope, _receive, send) => {
      const later = new Promise<void>(resolve => {
        finish = resolve
      })
      scope.extensions.server?.waitUntil(later.then(() => probe.note('finished')))
      scope.extensions.server?.waitUntil(Promise.reject(new Error('rejected later')))
      await send({ type: 'http.response.start', status: 200 })
      await send({ type: 'http.response.body', body: 'sent' })
    }),
  )
  const client = await connect()
  await client.send(get('/', ['Connection: close'])).until(/sent$/)
  await probe.logged(/rejected later/)
  const closed = server.close().then(() => probe.note('closed'))
  await once(client.socket, 'close')
  finish()
  await closed
  expect(probe.notes).toEqual(['finished', 'closed'])
})
