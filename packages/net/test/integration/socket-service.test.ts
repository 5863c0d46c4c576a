/** Connections of a protocol of lines, from the first to the last. */
import { readFile } from 'node:fs/promises'
import { codeIn, deferred } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { expect, test } from 'vitest'
import { startLines } from '../support/start-lines.js'

const echo = (line: string): string => `<${line}>`
const never = new AbortController().signal

/** Answers `hold` when told to, and everything else at once. */
function holding(): {
  readonly app: (line: string) => Promise<string>
  readonly held: ReturnType<typeof deferred>
  readonly asked: ReturnType<typeof deferred>
} {
  const [held, asked] = [deferred(), deferred()]
  return {
    held,
    asked,
    async app(line) {
      if (line !== 'hold') return echo(line)
      asked.resolve()
      await held.promise
      return 'held'
    },
  }
}

test('the example of the README is the file that is compiled and run here', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const file = await readFile(new URL('../fixtures/line-class.ts', import.meta.url), 'utf8')
  expect(codeIn(readme, 'ts')[0]).toBe(file)
})

test('answers come in the order of the requests, however the bytes are cut, and each is reported once', async () => {
  const { context, port } = await startLines(echo)
  const client = await RawClient.connect(port)
  client.send('a\nb\nc')
  await client.until(/^<a>\n<b>\n$/)
  client.send('c\n')
  await client.until(/<cc>\n$/)
  expect(context.requests.map(({ head, outcomes }) => [head.target, outcomes])).toEqual(
    ['a', 'b', 'cc'].map(line => [line, [{ type: 'sent' }]]),
  )
})

test('a request whose app fails is reported as failed, and the connection goes on', async () => {
  const failure = new Error('no')
  const { context, port } = await startLines(line => {
    if (line === 'fail') throw failure
    return echo(line)
  })
  const client = await RawClient.connect(port)
  client.send('fail\nb\n')
  await client.until(/^error\n<b>\n$/)
  expect(await context.outcomes(0)).toEqual([{ type: 'failed', error: failure }])
})

test('at `workerConnections` no more is accepted, until one has left', async () => {
  const { port } = await startLines(echo, { workerConnections: 1 })
  const first = await RawClient.connect(port)
  first.send('a\n')
  await first.until(/<a>/)
  await expect(RawClient.connect(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  first.socket.destroy()
  await expect.poll(async () => (await RawClient.connect(port)).send('b\n').until(/<b>/)).toBeTruthy()
})

test('a connection without a request ends after `keepAlive`, and one that answers does not', async () => {
  const { app, held, asked } = holding()
  const { port } = await startLines(app, { keepAlive: 0.2 })
  const busy = await RawClient.connect(port)
  busy.send('hold\n')
  await asked.promise
  const idle = await RawClient.connect(port)
  expect(await idle.closed()).toBe('closed')
  held.resolve()
  await busy.until(/^held\n$/)
  expect(await busy.closed()).toBe('closed')
})

test('a request that is begun and not finished in time gets last words, also when byte comes after byte', async () => {
  const { port } = await startLines(echo, { headersTimeout: 0.3 })
  const client = await RawClient.connect(port)
  client.send('a\nb')
  const drip = setInterval(() => client.send('b'), 20)
  client.socket.once('close', () => clearInterval(drip))
  expect(await client.all()).toBe('<a>\nthe line did not come in time\n')
})

test('without `keepAlive` a connection ends behind its first answer', async () => {
  const { port } = await startLines(echo, { keepAlive: 0 })
  const client = await RawClient.connect(port)
  client.send('a\n')
  expect(await client.all()).toBe('<a>\n')
})

test('a client that leaves, or ends its side, while it is owed an answer is reported as aborted', async () => {
  const { app, asked } = holding()
  const { context, port } = await startLines(app)
  const client = await RawClient.connect(port)
  client.send('hold\n')
  await asked.promise
  client.socket.end()
  expect(await context.outcomes(0)).toEqual([{ type: 'aborted' }])
})

test('a client that ends its side behind its requests has all the answers', async () => {
  const { port } = await startLines(echo)
  const client = await RawClient.connect(port)
  client.socket.end('a\nb\n')
  expect(await client.all()).toBe('<a>\n<b>\n')
})

test('no more is read of a client that does not read its answers', async () => {
  const answer = 'x'.repeat(1_000_000)
  let answered = 0
  const { port } = await startLines(() => {
    answered += 1
    return answer
  })
  const client = await RawClient.connect(port)
  client.socket.pause()
  client.send('a\n'.repeat(200))
  await expect.poll(() => answered).toBeGreaterThan(0)
  await new Promise(resolve => setImmediate(resolve))
  expect(answered).toBeLessThan(100)
  client.socket.resume()
  await expect.poll(() => client.received.length, { timeout: 30_000 }).toBe(200 * (answer.length + 1))
})

test('a drain answers what is in flight and what still comes, lets idle connections linger, and then is over', async () => {
  const { app, held, asked } = holding()
  const { worker, context, port } = await startLines(app, { gracefulTimeout: 4 })
  const [busy, using, idle] = [
    await RawClient.connect(port),
    await RawClient.connect(port),
    await RawClient.connect(port),
  ]
  for (const client of [using, idle]) {
    client.send('a\n')
    await client.until(/<a>/)
  }
  busy.send('hold\n')
  await asked.promise
  let isOver = false
  const drained = worker.drain(never).then(() => {
    isOver = true
  })
  await expect(RawClient.connect(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  using.send('b\n')
  expect(await using.all()).toBe('<a>\n<b>\n')
  expect(await idle.closed()).toBe('closed')
  await expect.poll(() => context.allBegunCalls).toBe(1)
  expect(isOver).toBe(false)
  held.resolve()
  expect(await busy.all()).toBe('held\n')
  await drained
  expect(context.requests.every(({ outcomes }) => outcomes.length === 1)).toBe(true)
})

test('at the deadline of a drain the rest is cut, reported as aborted and logged', async () => {
  const { app, asked } = holding()
  const { worker, context, port } = await startLines(app)
  const client = await RawClient.connect(port)
  client.send('hold\n')
  await asked.promise
  const deadline = new AbortController()
  const drained = worker.drain(deadline.signal)
  deadline.abort()
  await drained
  await client.closed()
  expect(await context.outcomes(0)).toEqual([{ type: 'aborted' }])
  expect(context.lines).toEqual([
    expect.stringMatching(/^warn Cut at the deadline of the drain: LINE hold, from 127\.0\.0\.1:\d+$/),
  ])
})

test('a connection that is shed ends behind its next answer, and no other', async () => {
  const { worker, port } = await startLines(echo)
  const clients = [await RawClient.connect(port), await RawClient.connect(port)]
  for (const client of clients) {
    client.send('a\n')
    await client.until(/<a>/)
  }
  worker.shed?.(1)
  // It counts for as long as it is open.
  worker.shed?.(1)
  for (const client of clients) {
    client.send('b\n')
    await client.until(/<b>/)
  }
  await Promise.race(clients.map(client => client.closed()))
  const [open] = clients.filter(({ end }) => end === 'open')
  open?.send('c\n')
  await open?.until(/<c>/)
  expect(worker.stats?.()).toEqual({ connections: 1 })
})

test('`close` cuts every connection, and may be called twice', async () => {
  const { worker, port } = await startLines(echo)
  const client = await RawClient.connect(port)
  client.send('a\n')
  await client.until(/<a>/)
  await worker.close()
  await worker.close()
  await client.closed()
  expect(worker.stats?.()).toEqual({ connections: 0 })
})
