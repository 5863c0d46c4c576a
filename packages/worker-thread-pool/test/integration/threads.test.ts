import { checkAllOk, LoadRun } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { describe, expect, it } from 'vitest'
import { AppEvents } from '../support/app-events.js'
import { gauge, startWorker } from '../support/start-worker.js'

describe('a thread', () => {
  it('has an event loop that goes on between requests', async () => {
    const events = new AppEvents()
    const { url } = await startWorker()
    await (await fetch(`${url}/tick`)).text()
    const before = events.count('tick')
    await events.until('tick', before + 20)
  })

  it('sends a buffer that the app keeps, as often as the app likes', async () => {
    const { url } = await startWorker()
    for (let count = 0; count < 3; count += 1) {
      expect(await (await fetch(`${url}/page`)).text()).toBe('p'.repeat(200_000))
      expect(await (await fetch(`${url}/small`)).text()).toBe('small and pooled')
    }
  })

  it('stays while it is idle: the threads are the same from the first request to the last', async () => {
    const { url, worker } = await startWorker({ options: { threads: 2 } })
    const seen = new Set<string>()
    for (let count = 0; count < 40; count += 1) seen.add(await (await fetch(`${url}/thread`)).text())
    expect(seen.size).toBeLessThanOrEqual(2)
    expect(gauge(worker, 'threads')).toBe(2)
  })

  it('sends what was ended before it goes on to other work', async () => {
    const { port } = await startWorker()
    const client = await RawClient.connect(port)
    client.get('/end-then-spin')
    await client.until(/ended$/)
    // The thread is busy still: the next request waits for it and is not lost.
    client.get('/thread')
    await client.until(/ended[\s\S]*200 OK/)
  })
})

describe('recycling', () => {
  it('by requests replaces threads one at a time under load, and no request fails', async () => {
    const { url, worker } = await startWorker({
      options: { threads: 2, maxRequestsPerThread: 40, concurrency: 2 },
    })
    let fewest = 2
    const answered = new Set<string>()
    await using load = new LoadRun({
      to: url,
      target: '/thread',
      clients: 6,
      check: ({ body }) => {
        fewest = Math.min(fewest, gauge(worker, 'threads') ?? 0)
        answered.add(body)
        return body
      },
    })
    // How many requests it takes depends on how soon a new thread is up.
    await expect.poll(() => answered.size, { timeout: 30_000 }).toBeGreaterThan(3)
    checkAllOk(await load.stop())
    expect(fewest).toBe(2)
    expect(gauge(worker, 'threadsLost')).toBe(0)
  })

  it('by age replaces an idle thread and closes the app in it', async () => {
    const events = new AppEvents()
    const { url } = await startWorker({ options: { maxThreadAge: 0.2 } })
    const first = await (await fetch(`${url}/thread`)).text()
    await events.until('closed')
    expect(await (await fetch(`${url}/thread`)).text()).not.toBe(first)
  })

  it('lets the requests of the old thread finish, while new ones go to the new thread', async () => {
    const events = new AppEvents()
    const { port, url } = await startWorker({ options: { maxRequestsPerThread: 2, concurrency: 2 } })
    const held = await RawClient.connect(port)
    held.get('/hold?id=old')
    await events.until('started /hold?id=old')
    const first = await (await fetch(`${url}/thread`)).text()
    let current = first
    while (current === first) current = await (await fetch(`${url}/thread`)).text()
    events.release('old')
    await held.until(/held old/)
    await events.until('closed')
  })
})

describe('an app that never closes', () => {
  it('does not keep its thread, nor the next one from being recycled', async () => {
    const { url, context } = await startWorker({
      app: 'never-closes.mjs',
      options: { maxRequestsPerThread: 1 },
      settings: { timeout: 0, gracefulTimeout: 1 },
    })
    const seen = new Set<string>()
    while (seen.size < 3) seen.add(await (await fetch(url)).text())
    expect(context.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('does not keep the worker from closing', async () => {
    const { worker } = await startWorker({ app: 'never-closes.mjs', options: { threads: 2 } })
    await worker.close()
    expect(gauge(worker, 'threads')).toBe(0)
  })
})

describe('the end of a worker', () => {
  it('empties the queue and finishes what runs before drain resolves', async () => {
    const events = new AppEvents()
    const { port, worker, context } = await startWorker()
    const [running, waiting] = [await RawClient.connect(port), await RawClient.connect(port)]
    running.get('/hold?id=running')
    await events.until('started /hold?id=running')
    waiting.get('/hold?id=waiting')
    while (gauge(worker, 'queueLength') !== 1) await new Promise(setImmediate)
    const drained = worker.drain(new AbortController().signal)
    events.release('running')
    await running.until(/connection: close[\s\S]*held running/i)
    await events.until('started /hold?id=waiting')
    events.release('waiting')
    await waiting.until(/connection: close[\s\S]*held waiting/i)
    await drained
    expect(context.ended.map(({ outcome }) => outcome.type)).toEqual(['sent', 'sent'])
  })

  it('does not wait for the rest of a body whose request was answered', async () => {
    const { port, worker, context } = await startWorker()
    const client = await RawClient.connect(port)
    client.send('POST /early HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    // With less than this no thread is taken yet.
    client.send(`10000\r\n${'a'.repeat(0x10000)}\r\n`)
    await client.until(/not read/)
    const beganAt = performance.now()
    await worker.drain(new AbortController().signal)
    expect(performance.now() - beganAt).toBeLessThan(15_000)
    expect(context.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
  })

  it('cuts what is left at the deadline, and aborts it in the thread', async () => {
    const events = new AppEvents()
    const { port, worker, context } = await startWorker()
    const client = await RawClient.connect(port)
    client.get('/hold?id=cut')
    await events.until('started /hold?id=cut')
    const deadline = new AbortController()
    const drained = worker.drain(deadline.signal)
    deadline.abort()
    await drained
    await client.closed()
    await events.until('aborted /hold?id=cut')
    expect(await context.outcomeOf('GET /hold?id=cut')).toMatchObject({ type: 'aborted' })
  })

  it('closes the app in every thread and leaves none', async () => {
    const events = new AppEvents()
    const { worker } = await startWorker({ options: { threads: 2 } })
    await worker.close()
    await events.until('closed', 2)
    expect(gauge(worker, 'threads')).toBe(0)
  })

  it('leaves no thread that is blocked either', async () => {
    const events = new AppEvents()
    const { worker, port } = await startWorker()
    const client = await RawClient.connect(port)
    client.get('/spin')
    await events.until('started /spin')
    await worker.close()
    expect(gauge(worker, 'threads')).toBe(0)
    expect(gauge(worker, 'requestsRunning')).toBe(0)
  })
})
