/** More requests than the app may work on at a time. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { WorkerSettings } from '@tunicorn/arbiter/worker'
import { RawClient } from '@tunicorn/harness/vitest'
import { expect, test } from 'vitest'
import { type RunningService, startApp, startService } from '../support/start-service.js'

/** An app that answers when it is told to, with the path. */
class HoldingApp {
  readonly seen: string[] = []
  readonly #held = new Map<string, ServerResponse>()

  readonly handle = (req: IncomingMessage, res: ServerResponse): void => {
    this.seen.push(`${req.method} ${req.url}`)
    if (req.url?.startsWith('/now') === true) res.end(req.url)
    else this.#held.set(req.url ?? '', res)
  }

  async began(target: string): Promise<void> {
    await expect.poll(() => this.#held.has(target)).toBe(true)
  }

  release(target: string): void {
    this.#held.get(target)?.end(target)
  }
}

/** `/first` has the only place. */
async function withBusyPlace(
  settings: Partial<WorkerSettings>,
): Promise<RunningService & { readonly app: HoldingApp; readonly first: RawClient }> {
  const app = new HoldingApp()
  const running = await startService(app.handle, { settings: { maxConcurrency: 1, ...settings } })
  const first = await RawClient.connect(running.port)
  first.get('/first')
  await app.began('/first')
  return { ...running, app, first }
}

async function hasWaiting({ service }: Pick<RunningService, 'service'>, count: number): Promise<void> {
  await expect.poll(() => service.stats().gauges?.queueLength).toBe(count)
}

test('requests beyond maxConcurrency wait in order, those beyond maxQueue get 503 and never run', async () => {
  const running = await withBusyPlace({ maxQueue: 2 })
  const { app, context, first, port, service } = running
  const second = await RawClient.connect(port)
  second.get('/second')
  await hasWaiting(running, 1)
  const third = await RawClient.connect(port)
  third.get('/third')
  await hasWaiting(running, 2)
  const late = await RawClient.connect(port)
  late.get('/late')
  await late.until(
    /^HTTP\/1.1 503 Service Unavailable\r\n.*retry-after: 1\r\n.*keep-alive.*Service Unavailable$/is,
  )
  expect(await (await context.request(3)).outcome()).toEqual({ type: 'sent', status: 503 })
  expect(context.refusals).toEqual(['overload'])
  expect(context.logged('info').map(({ fields }) => fields)).toMatchObject([
    { reason: 'overload', status: 503, limit: 'maxQueue' },
  ])
  expect(service.stats()).toMatchObject({ load: 3, gauges: { requestsRunning: 1, queueLength: 2 } })
  app.release('/first')
  await first.until(/\/first$/)
  await app.began('/second')
  expect(app.seen).toEqual(['GET /first', 'GET /second'])
  app.release('/second')
  await second.until(/\/second$/)
  await app.began('/third')
  app.release('/third')
  await third.until(/\/third$/)
  // Its connection was kept.
  late.get('/now')
  await late.until(/\/now$/)
  expect(app.seen).toEqual(['GET /first', 'GET /second', 'GET /third', 'GET /now'])
  await expect.poll(() => service.stats().gauges?.requestsRunning).toBe(0)
})

test('a request that waits longer than queueTimeout gets 503 and never runs', async () => {
  const { app, context, first, port } = await withBusyPlace({ queueTimeout: 0.1 })
  const second = await RawClient.connect(port)
  second.get('/second')
  await second.until(/^HTTP\/1.1 503 .*retry-after: 1\r\n/is)
  expect(context.logged('info').map(({ fields }) => fields)).toMatchObject([{ limit: 'queueTimeout' }])
  app.release('/first')
  await first.until(/\/first$/)
  second.get('/now')
  await second.until(/\/now$/)
  expect(app.seen).toEqual(['GET /first', 'GET /now'])
})

test('without a queue nothing waits', async () => {
  const { app, first, port } = await withBusyPlace({ maxQueue: 0 })
  const second = await RawClient.connect(port)
  second.get('/second')
  await second.until(/ 503 /)
  app.release('/first')
  await first.until(/\/first$/)
  second.get('/now')
  await second.until(/\/now$/)
})

test('a client that leaves while it waits is forgotten, and one that leaves its place gives it to the next', async () => {
  const running = await withBusyPlace({ maxQueue: 2 })
  const { app, context, first, port } = running
  const second = await RawClient.connect(port)
  second.get('/second')
  await hasWaiting(running, 1)
  second.socket.destroy()
  expect(await (await context.request(1)).outcome()).toEqual({ type: 'aborted' })
  await hasWaiting(running, 0)
  const third = await RawClient.connect(port)
  third.get('/third')
  await hasWaiting(running, 1)
  first.socket.destroy()
  await app.began('/third')
  expect(app.seen).toEqual(['GET /first', 'GET /third'])
})

test('a refused request whose body has not come closes its connection', async () => {
  const { port } = await withBusyPlace({ maxQueue: 0 })
  const client = await RawClient.connect(port)
  client.send('POST /p HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n')
  await client.until(/^HTTP\/1.1 503 .*retry-after: 1\r\n.*connection: close\r\n/is)
  expect(await client.closed()).toBe('closed')
})

test('a request that waits is told to send its body when it has a place', async () => {
  const running = await withBusyPlace({})
  const { app, port } = running
  const client = await RawClient.connect(port)
  client.send('POST /now HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n')
  await hasWaiting(running, 1)
  expect(client.received).toBe('')
  app.release('/first')
  await client.until(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/)
})

test('requests of one connection that come at once are answered in order, refused ones too', async () => {
  const running = await withBusyPlace({ maxQueue: 2 })
  const { app, port } = running
  const client = await RawClient.connect(port)
  client.get('/now/a').get('/now/b').get('/now/c')
  await hasWaiting(running, 2)
  app.release('/first')
  await client.until(/ 200 OK.*\/now\/a.* 200 OK.*\/now\/b.* 503 /s)
  expect(app.seen).toEqual(['GET /first', 'GET /now/a', 'GET /now/b'])
})

test('what waits is served while the worker drains', async () => {
  const running = await withBusyPlace({})
  const { app, port, service } = running
  const second = await RawClient.connect(port)
  second.get('/now')
  await hasWaiting(running, 1)
  const drained = service.drain(new AbortController().signal)
  app.release('/first')
  await second.until(/^HTTP\/1.1 200 .*connection: close\r\n.*\/now$/is)
  await drained
})

test('what waits at the deadline of a drain is cut, and never runs', async () => {
  const running = await withBusyPlace({})
  const { app, context, port, service } = running
  const second = await RawClient.connect(port)
  second.get('/now')
  await hasWaiting(running, 1)
  await service.drain(AbortSignal.abort())
  expect(await (await context.request(1)).outcome()).toEqual({ type: 'aborted' })
  expect(app.seen).toEqual(['GET /first'])
})

test('an open WebSocket has no place, and a handshake is refused while there is room for no request', async () => {
  const app = new HoldingApp()
  const server = createServer(app.handle)
  server.on('upgrade', (_req, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  })
  const running = await startApp(
    { kind: 'node', value: server },
    { settings: { maxConcurrency: 1, maxQueue: 0 } },
  )
  const handshake = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  for (let count = 0; count < 2; count += 1) {
    const open = await RawClient.connect(running.port)
    open.get('/socket', handshake)
    await open.until(/ 101 /)
  }
  const first = await RawClient.connect(running.port)
  first.get('/first')
  await app.began('/first')
  const late = await RawClient.connect(running.port)
  late.get('/socket', handshake)
  await late.until(/^HTTP\/1.1 503 .*retry-after: 1\r\n.*connection: close\r\n/is)
  expect(running.context.refusals).toEqual(['overload'])
})

test('a request that has waited does not run in the asynchronous context of the one before it', async () => {
  const storage = new AsyncLocalStorage<string>()
  const contexts: (string | undefined)[] = []
  let release = (): void => undefined
  const running = await startService(
    (req, res) => {
      contexts.push(storage.getStore())
      storage.run(req.url ?? '', () => {
        if (req.url === '/first') release = () => storage.run('/first', () => res.end())
        else res.end('done')
      })
    },
    { settings: { maxConcurrency: 1 } },
  )
  const first = await RawClient.connect(running.port)
  first.get('/first')
  await expect.poll(() => contexts.length).toBe(1)
  const second = await RawClient.connect(running.port)
  second.get('/second')
  await hasWaiting(running, 1)
  release()
  await second.until(/done$/)
  expect(contexts).toEqual([undefined, undefined])
})
