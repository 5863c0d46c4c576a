import { rm, writeFile } from 'node:fs/promises'
import { temporaryDirectory } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AppEvents } from '../support/app-events.js'
import { createWorker, gauge, startWorker } from '../support/start-worker.js'

async function threadIds(url: string, requests: number): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  for (let index = 0; index < requests; index += 1) ids.add(await (await fetch(`${url}/thread`)).text())
  return ids
}

describe('an app that fails to load', () => {
  it.each([
    ['throws', 'throws.mjs', 'APP_LOAD_FAILED', 'the app is broken on purpose'],
    ['is missing', 'missing.mjs', 'APP_NOT_FOUND', 'was not found'],
    ['ends the thread', 'exits.mjs', 'APP_LOAD_FAILED', 'exited with code: 5'],
    ['is of another kind', 'asgi-app.mjs', 'APP_KIND_UNSUPPORTED', '`asgi`'],
  ])(
    'fails the boot with its own error when it %s, and close leaves no thread',
    async (_how, app, code, message) => {
      const { worker } = await createWorker({ app, options: { threads: 2 } })
      await expect(worker.boot()).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
      await worker.close()
      expect(gauge(worker, 'threads')).toBe(0)
    },
  )

  it('is refused before it is loaded when its kind was named', async () => {
    const { worker } = await createWorker({ app: 'throws.mjs', kind: 'asgi' })
    await expect(worker.boot()).rejects.toMatchObject({ code: 'APP_KIND_UNSUPPORTED' })
    await worker.close()
  })

  it('in a replacement is logged and tried again: the pool does not hang', async () => {
    await using directory = await temporaryDirectory()
    const flag = `${directory.path}/broken`
    process.env.TUNICORN_TEST_BROKEN = flag
    onTestFinished(() => {
      delete process.env.TUNICORN_TEST_BROKEN
    })
    const { url, context } = await startWorker({ app: 'fragile.mjs' })
    await writeFile(flag, '')
    expect((await fetch(`${url}/exit`)).status).toBe(503)
    const { fields } = await context.logged(/^Thread 2 could not start$/)
    expect(fields.error).toMatchObject({ message: expect.stringContaining('fragile and broken') })
    const waiting = fetch(url)
    await rm(flag)
    expect(await (await waiting).text()).toBe('whole again')
  })
})

describe('a handler that throws', () => {
  it('gives 500 without detail and one log line with the error as it was: class, code and stack', async () => {
    const { url, context } = await startWorker()
    const response = await fetch(`${url}/throw`)
    expect([response.status, await response.text()]).toEqual([500, 'Internal Server Error'])
    const lines = context.lines.filter(({ level }) => level === 'error')
    expect(lines.map(({ message }) => message)).toEqual(['Error handling request GET /throw'])
    expect(lines[0]?.fields.error).toMatchObject({
      name: 'RangeError',
      code: 'E_CUSTOM',
      message: 'thrown in the thread',
      stack: expect.stringContaining('node-app.mjs'),
    })
    expect(await context.outcomeOf('GET /throw')).toMatchObject({ type: 'failed', status: 500 })
  })

  it('keeps its thread', async () => {
    const { url } = await startWorker()
    const before = await threadIds(url, 1)
    await fetch(`${url}/throw`)
    expect(await threadIds(url, 1)).toEqual(before)
  })

  it('after the head cuts the connection: the response never looks complete', async () => {
    const { url, context } = await startWorker()
    const response = await fetch(`${url}/throw-after-head`)
    await expect(response.text()).rejects.toThrow('terminated')
    await context.logged(/^Error handling request GET \/throw-after-head$/)
  })

  it('in the body of a Response, before a byte was sent, gives 500 and is logged once', async () => {
    const { url, context } = await startWorker({ app: 'fetch-app.mjs' })
    const response = await fetch(`${url}/broken-stream`)
    expect([response.status, await response.text()]).toEqual([500, 'Internal Server Error'])
    expect(await context.outcomeOf('GET /broken-stream')).toMatchObject({ type: 'failed', status: 500 })
    expect(context.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { error: { name: 'RangeError', message: 'broken before the first byte' } } },
    ])
  })

  it('after the end is logged, and the response is whole', async () => {
    const { url, context } = await startWorker()
    expect(await (await fetch(`${url}/reject-after-end`)).text()).toBe('ended')
    const { fields } = await context.logged(/^Error in thread 1 after a response had ended$/)
    expect(fields.error).toMatchObject({ message: 'rejected late' })
  })

  it('may destroy its response instead: the connection is cut', async () => {
    const { url, context } = await startWorker()
    await expect(fetch(`${url}/destroy`).then(response => response.text())).rejects.toThrow()
    expect(await context.outcomeOf('GET /destroy')).toMatchObject({ type: 'aborted' })
  })
})

describe('a thread that dies', () => {
  it.each([
    ['an uncaught exception', '/uncaught', 'uncaught in the thread'],
    ['an unhandled rejection', '/unhandled', 'unhandled in the thread'],
    ['process.exit', '/exit', 'exited with code: 3'],
  ])(
    'of %s costs its own request alone, with 503 and a log line that names it',
    async (_what, path, reason) => {
      const events = new AppEvents()
      const { port, url, context, worker } = await startWorker({ options: { threads: 2 } })
      const other = await RawClient.connect(port)
      other.get('/hold?id=other')
      await events.until('started /hold?id=other')
      const response = await fetch(`${url}${path}`)
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
      const { message, level } = await context.logged(/^Thread \d+ died/)
      expect(level).toBe('error')
      expect(message).toContain(reason)
      expect(message).toContain(`its requests fail: GET ${path}`)
      expect(await context.outcomeOf(`GET ${path}`)).toMatchObject({ type: 'failed', status: 503 })
      events.release('other')
      await other.until(/held other/)
      expect((await fetch(`${url}/thread`)).status).toBe(200)
      while (gauge(worker, 'threads') !== 2) await new Promise(setImmediate)
      expect(gauge(worker, 'threadsLost')).toBe(1)
    },
  )

  it('of a full heap does so too, under resourceLimits', async () => {
    const { url, context } = await startWorker({
      options: { resourceLimits: { maxOldGenerationSizeMb: 32 } },
    })
    expect((await fetch(`${url}/memory`)).status).toBe(503)
    const { fields } = await context.logged(/^Thread 1 died/)
    expect(fields.error).toMatchObject({ code: 'ERR_WORKER_OUT_OF_MEMORY' })
    expect((await fetch(`${url}/thread`)).status).toBe(200)
  })

  it('between two requests is replaced, and the process lives', async () => {
    const { url, context } = await startWorker()
    expect(await (await fetch(`${url}/answer-then-die`)).text()).toBe('answered')
    await context.logged(/^Thread 1 died: died after the answer$/)
    expect((await fetch(`${url}/thread`)).status).toBe(200)
  })
})

describe('a client that leaves', () => {
  it('aborts the request in the thread, which is not killed', async () => {
    const events = new AppEvents()
    const { port, url, context } = await startWorker()
    const before = await threadIds(url, 1)
    const client = await RawClient.connect(port)
    client.get('/hold?id=left')
    await events.until('started /hold?id=left')
    client.socket.destroy()
    await events.until('aborted /hold?id=left')
    expect(await context.outcomeOf('GET /hold?id=left')).toEqual({ type: 'aborted' })
    expect(await threadIds(url, 3)).toEqual(before)
    expect(context.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('aborts request.signal of a fetch app, and its rejection is no error', async () => {
    const events = new AppEvents()
    const { port, url, context } = await startWorker({ app: 'fetch-app.mjs' })
    const client = await RawClient.connect(port)
    client.get('/signal')
    await events.until('started /signal')
    client.socket.destroy()
    await events.until('aborted /signal')
    expect((await fetch(url)).status).toBe(200)
    expect(context.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it.each([
    ['fetch-app.mjs', '/late/text'],
    ['fetch-app.mjs', '/late/json'],
    ['fetch-app.mjs', '/late/empty'],
    ['fetch-app.mjs', '/late/bytes'],
    ['fetch-app.mjs', '/late/stream'],
    ['fetch-app.mjs', '/late/throw'],
    ['hono-app.mjs', '/late/hono'],
    ['node-app.mjs', '/end-then-wait'],
  ])('before the answer of %s to %s costs no thread', async (app, path) => {
    const events = new AppEvents()
    const { port, url, context, worker } = await startWorker({ app })
    const client = await RawClient.connect(port)
    client.get(path)
    await events.until(`started ${path}`)
    client.socket.destroy()
    await events.until(`closed ${path}`)
    events.release(app === 'hono-app.mjs' ? 'hono' : path)
    expect((await fetch(url)).status).toBe(200)
    await expect.poll(() => gauge(worker, 'requestsRunning')).toBe(0)
    if (path === '/late/stream') await events.until('cancelled')
    expect(context.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([])
  })

  it('costs no thread when the handler answers because of request.signal', async () => {
    const events = new AppEvents()
    const { port, url, context } = await startWorker({ app: 'fetch-app.mjs' })
    const client = await RawClient.connect(port)
    client.get('/signal-answer')
    await events.until('started /signal-answer')
    client.socket.destroy()
    await events.until('aborted /signal-answer')
    expect((await fetch(url)).status).toBe(200)
    expect(context.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([])
  })

  it('in the middle of an endless stream cancels it and costs no thread', async () => {
    const events = new AppEvents()
    const { port, url } = await startWorker({ app: 'fetch-app.mjs' })
    const client = await RawClient.connect(port)
    client.get('/endless')
    await client.until(/^HTTP\/1.1 200 /)
    client.socket.destroy()
    await events.until('cancelled')
    expect((await fetch(url)).status).toBe(200)
  })

  it.each(['/write-then-wait', '/end-large-then-wait'])(
    'without reading settles what %s waits for',
    async path => {
      const events = new AppEvents()
      const { port, url } = await startWorker()
      const client = await RawClient.connect(port)
      client.socket.pause()
      client.get(path)
      await events.until(`started ${path}`)
      client.socket.destroy()
      await events.until(`${path.startsWith('/write') ? 'refused' : 'settled'} ${path}`)
      expect((await fetch(url)).status).toBe(200)
    },
  )

  it('in the middle of an upload makes the body fail in the thread', async () => {
    const events = new AppEvents()
    const { port, worker } = await startWorker()
    const client = await RawClient.connect(port)
    client.socket.write(
      `POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n${'x'.repeat(100_000)}`,
    )
    while (gauge(worker, 'requestsRunning') !== 1) await new Promise(setImmediate)
    client.socket.destroy()
    await events.until('upload cut')
  })
})

describe('the timeout', () => {
  it('aborts a handler that listens: the client gets 504 and the thread lives', async () => {
    const events = new AppEvents()
    const { url, context } = await startWorker({ settings: { timeout: 0.3 } })
    const before = await threadIds(url, 1)
    const response = await fetch(`${url}/hold?id=late`)
    expect(response.status).toBe(504)
    await events.until('aborted /hold?id=late')
    expect(await context.outcomeOf('GET /hold?id=late')).toMatchObject({ type: 'failed', status: 504 })
    expect(await threadIds(url, 3)).toEqual(before)
  })

  it('terminates a thread that is blocked, names the culprit and its stack, and refills the pool', async () => {
    const events = new AppEvents()
    const { url, context } = await startWorker({ options: { concurrency: 2 }, settings: { timeout: 0.3 } })
    const before = await threadIds(url, 1)
    const victim = fetch(`${url}/drip?count=1000&ms=20`)
    await victim
    const culprit = fetch(`${url}/spin`)
    await events.until('started /spin')
    expect((await culprit).status).toBe(504)
    const { message, fields, level } = await context.logged(/is terminated/)
    expect(level).toBe('error')
    expect(message).toMatch(/^Thread 1 is terminated: GET \/(spin|drip)/)
    expect(message).toContain('its requests fail: GET /')
    expect(fields.error).toMatchObject({
      message: 'The thread was in JavaScript',
      stack: expect.stringMatching(/at spinForEver \(.*node-app\.mjs:\d+:\d+\)/),
    })
    await expect(victim.then(response => response.text())).rejects.toThrow('terminated')
    const after = await threadIds(url, 2)
    expect(after.size).toBe(1)
    expect(after).not.toEqual(before)
  })

  it('shows a thread that it terminates by the lines of the source, where there is a source map', async () => {
    const { url, context } = await startWorker({ app: 'compiled-app.mjs', settings: { timeout: 0.3 } })
    expect((await fetch(url)).status).toBe(504)
    const { fields } = await context.logged(/is terminated/)
    expect(fields.error).toMatchObject({
      stack: expect.stringMatching(/^ {4}at spinInSource \(.*\/compiled-app\.ts:1[012]:\d+\)$/m),
    })
  })

  it('terminates a thread whose handler never ends after its client has left', async () => {
    const events = new AppEvents()
    const { port, url, context } = await startWorker({ settings: { timeout: 0.3 } })
    const client = await RawClient.connect(port)
    client.get('/never')
    await events.until('started /never')
    client.socket.destroy()
    await context.logged(/^Thread 1 is terminated: GET \/never went on after its client had left/)
    expect((await fetch(`${url}/thread`)).status).toBe(200)
  })

  it('does not run while a slow client is to send or to read', async () => {
    const { port, context } = await startWorker({ settings: { timeout: 0.2 } })
    const client = await RawClient.connect(port)
    client.socket.write('POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    // What comes before a thread is taken.
    client.socket.write(`10000\r\n${'x'.repeat(65_536)}\r\n`)
    for (const part of ['a', 'b', 'c']) {
      await new Promise(resolve => setTimeout(resolve, 300))
      client.socket.write(`1\r\n${part}\r\n`)
      await client.until(new RegExp(`\\r\\n${part}\\r\\n`))
    }
    client.socket.write('0\r\n\r\n')
    await client.until(/\r\n0\r\n\r\n/)
    expect(context.lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})
