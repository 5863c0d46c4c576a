import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createRawServer, type Server as RawServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkAllOk, LoadRun, portOf, temporaryDirectory } from '../../src/index.js'

async function listen(server: Server | RawServer, path?: string): Promise<number> {
  server.listen(path ?? { port: 0, host: '127.0.0.1' })
  onTestFinished(() => {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
  await once(server, 'listening')
  return path === undefined ? portOf(server) : 0
}

const serveHttp = (listener: RequestListener): Promise<number> => listen(createServer(listener))
const serveRaw = (listener: (socket: Socket) => void): Promise<number> => listen(createRawServer(listener))

test('keep-alive clients use one connection each and every answer is ok', async () => {
  const sockets = new Set<Socket>()
  const port = await serveHttp((req, res) => {
    sockets.add(req.socket)
    res.end('hello')
  })
  const report = await new LoadRun({ to: { port }, clients: 3, maxRequests: 60 }).finished
  expect(report.outcomes).toEqual({ ok: 60, reset: 0, refused: 0, timeout: 0, badStatus: 0, shortBody: 0 })
  expect(sockets.size).toBe(3)
})

test('without keep-alive every request has a connection of its own', async () => {
  const sockets = new Set<Socket>()
  const port = await serveHttp((req, res) => {
    sockets.add(req.socket)
    res.end('hello')
  })
  const report = await new LoadRun({ to: { port }, keepAlive: false, maxRequests: 20 }).finished
  expect(report.outcomes.ok).toBe(20)
  expect(sockets.size).toBe(20)
})

test('a Unix socket is a target', async () => {
  await using directory = await temporaryDirectory()
  const path = join(directory.path, 'app.sock')
  await listen(
    createServer((_req, res) => res.end('hello')),
    path,
  )
  const report = await new LoadRun({ to: `unix:${path}`, maxRequests: 10 }).finished
  expect(report.outcomes.ok).toBe(10)
})

test('what the check returns is counted, what it throws is a failure with its message', async () => {
  let count = 0
  const port = await serveHttp((_req, res) => res.end(String(count++ % 3)))
  const report = await new LoadRun({
    to: { port },
    clients: 1,
    maxRequests: 9,
    check: ({ body }) => {
      if (body === '2') throw new Error('two is wrong')
      return `worker ${body}`
    },
  }).finished
  expect([...report.labels]).toEqual([
    ['worker 0', 3],
    ['worker 1', 3],
  ])
  expect(report.outcomes.shortBody).toBe(3)
  expect(report.summary).toContain('two is wrong')
  expect(() => checkAllOk(report)).toThrow('two is wrong')
})

test('another status is badStatus, and so is an answer that is not HTTP', async () => {
  const unavailable = await serveHttp((_req, res) => res.writeHead(503).end('no'))
  const garbled = await serveRaw(socket => socket.end('SSH-2.0\r\n\r\n'))
  for (const port of [unavailable, garbled]) {
    const report = await new LoadRun({ to: { port }, maxRequests: 3, clients: 1 }).finished
    expect(report.outcomes.badStatus, report.summary).toBe(3)
  }
})

test('a connection that ends before the head is reset, by FIN and by RST alike', async () => {
  const closing = await serveRaw(socket => socket.once('data', () => socket.end()))
  const resetting = await serveRaw(socket => socket.once('data', () => socket.resetAndDestroy()))
  for (const port of [closing, resetting]) {
    const report = await new LoadRun({ to: { port }, maxRequests: 3, clients: 1 }).finished
    expect(report.outcomes.reset, report.summary).toBe(3)
  }
})

test('a body that is cut is shortBody, with a length and chunked alike', async () => {
  const sized = await serveHttp((_req, res) => {
    res.writeHead(200, { 'content-length': 100 }).write('short', () => res.destroy())
  })
  const chunked = await serveHttp((_req, res) => {
    res.write('short', () => res.destroy())
  })
  for (const port of [sized, chunked]) {
    const report = await new LoadRun({ to: { port }, maxRequests: 3, clients: 1 }).finished
    expect(report.outcomes.shortBody, report.summary).toBe(3)
  }
})

test('a port that nobody listens on is refused', async () => {
  const server = createRawServer()
  const port = await listen(server)
  server.close()
  await once(server, 'close')
  const report = await new LoadRun({ to: { port }, maxRequests: 3, clients: 1 }).finished
  expect(report.outcomes.refused).toBe(3)
  expect(report.failures[0]?.detail).toContain('ECONNREFUSED')
})

test('an answer that does not come in time is a timeout', async () => {
  const port = await serveHttp(() => {})
  const report = await new LoadRun({ to: { port }, maxRequests: 1, clients: 1, timeoutMs: 50 }).finished
  expect(report.outcomes.timeout).toBe(1)
})

test('stop waits for the requests in flight and counts them', async () => {
  let release = (): void => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  let seen = (): void => {}
  const arrived = new Promise<void>(resolve => {
    seen = resolve
  })
  const port = await serveHttp(async (_req, res) => {
    seen()
    await held
    res.end('late')
  })
  const load = new LoadRun({ to: { port }, clients: 1 })
  await arrived
  const stopped = load.stop()
  release()
  const report = await stopped
  expect(report.outcomes).toMatchObject({ ok: 1 })
  expect(report.requests).toBe(1)
})

test('waiting for answers that cannot come any more is rejected with the summary', async () => {
  const port = await serveHttp((_req, res) => res.end('hello'))
  const load = new LoadRun({ to: { port }, maxRequests: 5 })
  await load.waitForAnswers(5)
  await expect(load.waitForAnswers(1)).rejects.toThrow('ok 5')
})

test('no request at all is not a success', async () => {
  const port = await serveHttp((_req, res) => res.end('hello'))
  const report = await new LoadRun({ to: { port }, maxRequests: 0 }).finished
  expect(() => checkAllOk(report)).toThrow('0 requests')
})

test('a request has a name, by which a failure can be found', async () => {
  const dropped: (string | string[] | undefined)[] = []
  const port = await serveHttp((req, res) => {
    if (dropped.length > 0 || req.headers['x-name'] !== '1-3') return res.end('hello')
    dropped.push(req.headers['x-name'])
    return req.socket.destroy()
  })
  const run = new LoadRun({ to: { port }, clients: 2, maxRequests: 20, nameField: 'x-name' })
  const { failures } = await run.finished
  expect(dropped).toEqual(['1-3'])
  expect(failures.map(({ client, request }) => `${client}-${request}`)).toEqual(dropped)
})
