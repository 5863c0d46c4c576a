import { EventEmitter, once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { rawExchange } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { startWorker } from '../support/test-worker.js'

const get = 'GET /slow HTTP/1.1\r\nHost: test\r\n\r\n'

test('a request that takes longer than the timeout is logged and answered with 504, and the worker goes', async () => {
  const started = await startWorker(() => undefined, { timeout: 0.3, maxRequests: 0 })
  const answer = await rawExchange({ port: started.listener.port }, get)
  expect(answer.toString()).toBe(
    'HTTP/1.1 504 Gateway Timeout\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 15\r\nconnection: close\r\n\r\nGateway Timeout',
  )
  expect(await started.outcome()).toMatchObject({
    type: 'failed',
    status: 504,
    error: { message: 'GET /slow took longer than the timeout of 0.3 s' },
  })
  expect(started.lines).toContainEqual(
    `error WORKER TIMEOUT (pid:${process.pid}): GET /slow took longer than the timeout of 0.3 s`,
  )
  expect(started.retirements).toEqual([expect.stringMatching(/^timeout: GET \/slow/)])
  await started.worker.drain(new AbortController().signal)
  expect(started.listener.isAccepting).toBe(false)
})

test('the 504 has the id of the request', async () => {
  const { listener } = await startWorker(() => undefined, { timeout: 0.3, requestIdHeader: 'X-Request-Id' })
  const answer = await rawExchange(
    { port: listener.port },
    'GET /slow HTTP/1.1\r\nHost: test\r\nX-Request-Id: given\r\n\r\n',
  )
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 504 [\s\S]*\r\nX-Request-Id: given\r\n/)
})

test('a head that the app has prepared and not sent does not stand in the way of the 504', async () => {
  const { listener } = await startWorker((_req, res) => res.writeHead(200), { timeout: 0.3 })
  const answer = await rawExchange({ port: listener.port }, get)
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 504 /)
})

test('an app that answers after its 504 harms nobody', async () => {
  let answerLate = (): void => undefined
  const started = await startWorker(
    (_req, res) => {
      answerLate = () => res.writeHead(200).end('too late')
    },
    { timeout: 0.3 },
  )
  const answer = await rawExchange({ port: started.listener.port }, get)
  answerLate()
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 504 /)
  expect(await started.outcome()).toMatchObject({ type: 'failed', status: 504 })
  expect(started.outcomes).toHaveLength(1)
})

test('a response of which a part was sent is cut, and does not look complete', async () => {
  const started = await startWorker((_req, res) => res.write('a part'), { timeout: 0.3 })
  const answer = await rawExchange({ port: started.listener.port }, get)
  expect(answer.toString()).toMatch(/200 OK[\s\S]*a part/)
  expect(answer.toString()).not.toMatch(/0\r\n\r\n$/)
  expect(await started.outcome()).toMatchObject({ type: 'failed' })
  expect(started.lines.join()).toMatch(/WORKER TIMEOUT/)
})

test('a client that does not read is cut at the timeout, which is not the fault of the app', async () => {
  const started = await startWorker((_req, res) => res.end(Buffer.alloc(32 * 1_048_576)), {
    timeout: 0.5,
    maxRequests: 0,
  })
  const client = connect(started.listener.port, '127.0.0.1')
  client.pause().on('error', () => undefined)
  client.write(get)
  expect(await started.outcome()).toMatchObject({ type: 'aborted' })
  expect(started.lines).toEqual([expect.stringMatching(/^warn Cut after 0\.5 s: GET \/slow: the client/)])
  expect(started.retirements).toEqual([])
  client.destroy()
})

test('a worker whose process ends after the request gives up its place while the client reads slowly', async () => {
  const started = await startWorker((_req, res) => res.end(Buffer.alloc(32 * 1_048_576)))
  const client = connect(started.listener.port, '127.0.0.1')
  client.pause()
  client.write(get)
  await expect.poll(() => started.retirements).toEqual([expect.stringMatching(/^slow-client: /)])
  expect(started.outcomes).toEqual([])
  client.resume()
  await once(client, 'end')
  expect(await started.outcome()).toEqual({ type: 'sent', status: 200 })
})

test('an idle worker proves that it is alive, also with a connection that says nothing; a busy one does not', async () => {
  const events = new EventEmitter<{ request: [ServerResponse] }>()
  const started = await startWorker((_req, res) => events.emit('request', res))
  const more = async (): Promise<void> => {
    const { notices } = started
    await expect.poll(() => started.notices).toBeGreaterThan(notices + 1)
  }
  await more()
  const client = connect(started.listener.port, '127.0.0.1')
  await expect.poll(() => started.listener.isAccepting).toBe(false)
  await more()
  const begun = once(events, 'request')
  client.write(get)
  const [response]: ServerResponse[] = await begun
  const { notices } = started
  // As long as an idle worker would need for two.
  await new Promise(resolve => setTimeout(resolve, 1_100))
  expect(started.notices).toBe(notices)
  response?.end('done')
  await once(client, 'data')
  await more()
  client.destroy()
})

test('a client that sends nothing is let go without an answer by the header timeout', async () => {
  const started = await startWorker((_req, res) => res.end(), { headersTimeout: 0.5, maxRequests: 0 })
  const answer = await rawExchange({ port: started.listener.port }, '')
  expect(answer.toString()).toBe('')
  expect(started.outcomes).toEqual([])
  await expect.poll(() => started.listener.isAccepting).toBe(true)
})
