import type { WorkerSettings } from '@tunicorn/arbiter/worker'
import { RawClient } from '@tunicorn/harness/vitest'
import { describe, expect, it } from 'vitest'
import { AppEvents } from '../support/app-events.js'
import { gauge, type RunningWorker, startWorker } from '../support/start-worker.js'

/** Clients that are connected before there is anything to refuse. */
async function connectAll(port: number, count: number): Promise<readonly RawClient[]> {
  const clients: RawClient[] = []
  for (let index = 0; index < count; index += 1) clients.push(await RawClient.connect(port))
  return clients
}

/** One request is running in the only thread; further ones wait. */
async function withBusyThread(
  settings: Partial<WorkerSettings>,
  events: AppEvents,
): Promise<RunningWorker & { readonly others: readonly RawClient[] }> {
  const running = await startWorker({ settings })
  const [first, ...others] = await connectAll(running.port, 9)
  first?.get('/hold?id=first')
  await events.until('started /hold?id=first')
  return { ...running, others }
}

describe('the queue', () => {
  it('takes as many requests as it may, answers the others 503 with Retry-After, and never runs those', async () => {
    const events = new AppEvents()
    const { context, others, worker } = await withBusyThread({ maxQueue: 2 }, events)
    for (const [index, client] of others.entries()) {
      client.get(`/hold?id=${index}`)
      // Which ones are refused is decided by the order of arrival.
      if (index < 2) while (gauge(worker, 'queueLength') !== index + 1) await new Promise(setImmediate)
    }
    for (const client of others.slice(2)) {
      await client.until(
        /^HTTP\/1.1 503 Service Unavailable\r\n[\s\S]*retry-after: 1\r\n[\s\S]*Service Unavailable$/,
      )
    }
    expect(context.refusals).toEqual(Array(6).fill('overload'))
    // One that runs and two that wait, for one place.
    expect(worker.stats?.().load).toBe(3)
    events.release('first')
    for (const [index, client] of others.slice(0, 2).entries()) {
      await events.until(`started /hold?id=${index}`)
      events.release(String(index))
      await client.until(/HTTP\/1.1 200 OK/)
    }
    expect(events.seen.filter(text => text.startsWith('started'))).toEqual([
      'started /hold?id=first',
      'started /hold?id=0',
      'started /hold?id=1',
    ])
  })

  it('may have no room at all: nothing waits, and what is refused never runs', async () => {
    const events = new AppEvents()
    const { others, context } = await withBusyThread({ maxQueue: 0 }, events)
    const [second, third] = others
    second?.get('/hold?id=second')
    await second?.until(/ 503 /)
    events.release('first')
    await context.outcomeOf('GET /hold?id=first')
    third?.get('/thread')
    await third?.until(/ 200 OK/)
    expect(events.count('started /hold?id=second')).toBe(0)
  })

  it('gives a request that waits too long 503, and never runs it', async () => {
    const events = new AppEvents()
    const { context, others } = await withBusyThread({ maxQueue: 5, queueTimeout: 0.1 }, events)
    const [second, third] = others
    second?.get('/hold?id=second')
    await second?.until(/ 503 /)
    events.release('first')
    // The third may not have to wait: a busy machine would let it wait for too long.
    await context.outcomeOf('GET /hold?id=first')
    third?.get('/thread')
    await third?.until(/ 200 OK/)
    expect(events.count('started /hold?id=second')).toBe(0)
  })

  it('drops a request whose client leaves while it waits', async () => {
    const events = new AppEvents()
    const { others, worker, context } = await withBusyThread({ maxQueue: 5 }, events)
    const [second, third] = others
    second?.get('/hold?id=second')
    while (gauge(worker, 'queueLength') !== 1) await new Promise(setImmediate)
    second?.socket.destroy()
    expect(await context.outcomeOf('GET /hold?id=second')).toEqual({ type: 'aborted' })
    expect(gauge(worker, 'queueLength')).toBe(0)
    events.release('first')
    third?.get('/thread')
    await third?.until(/ 200 OK/)
    expect(events.count('started /hold?id=second')).toBe(0)
  })

  it('is emptied by the threads that go on, while another one is busy for long', async () => {
    const events = new AppEvents()
    const { port, worker } = await startWorker({ options: { threads: 2 }, settings: { maxQueue: 40 } })
    const [long, short, ...others] = await connectAll(port, 32)
    long?.get('/hold?id=long')
    await events.until('started /hold?id=long')
    short?.get('/hold?id=short')
    await events.until('started /hold?id=short')
    for (const client of others) client.get('/thread')
    while ((gauge(worker, 'queueLength') ?? 0) < others.length) await new Promise(setImmediate)
    events.release('short')
    for (const client of others) await client.until(/ 200 OK/)
    events.release('long')
    await long?.until(/ 200 OK/)
    expect(events.count('started /hold?id=long')).toBe(1)
  })

  it('does not count the waiting as time of the handler', async () => {
    const { port } = await startWorker({ settings: { timeout: 0.4 } })
    const [first, second] = await connectAll(port, 2)
    // The first is never silent for the timeout, and takes much longer than it altogether.
    first?.get('/drip?count=12&ms=100')
    await first?.until(/drop/)
    second?.get('/thread')
    await second?.until(/ 200 OK/)
    expect(first?.received).toMatch(/0\r\n\r\n$/)
  })

  it('is not needed by a request whose small body is still on its way', async () => {
    const { port } = await startWorker({ settings: { maxQueue: 0 } })
    const [slow, other] = await connectAll(port, 2)
    slow?.socket.write('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nhalf')
    other?.get('/thread')
    await other?.until(/ 200 OK/)
    slow?.socket.write('half')
    await slow?.until(/halfhalf/)
  })

  it('is not needed by requests whose chunks come slowly, nor by a large body that has only begun', async () => {
    const { port } = await startWorker({ settings: { maxQueue: 0 } })
    const [chunked, large, other] = await connectAll(port, 3)
    chunked?.socket.write('POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n')
    large?.socket.write('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhalf')
    other?.get('/thread')
    await other?.until(/ 200 OK/)
    chunked?.socket.write('4\r\nhalf\r\n0\r\n\r\n')
    await chunked?.until(/halfhalf/)
    large?.socket.write('x'.repeat(99_996))
    await large?.until(/half(?:x|\r\n[\da-f]+\r\n)+\r\n0\r\n\r\n$/)
    expect(large?.received.replaceAll(/[^x]/g, '')).toHaveLength(99_996)
  })
})

describe('accepting', () => {
  it('pauses while the threads and the queue are full, and goes on when there is room', async () => {
    const events = new AppEvents()
    const { others, listener, port } = await withBusyThread({ maxQueue: 1 }, events)
    const [second] = others
    expect(listener.isAccepting).toBe(true)
    second?.get('/hold?id=second')
    await expect.poll(() => listener.isAccepting).toBe(false)
    await expect(RawClient.connect(port)).rejects.toThrow('ECONNREFUSED')
    events.release('first')
    await expect.poll(() => listener.isAccepting).toBe(true)
    await events.until('started /hold?id=second')
    events.release('second')
    const late = await RawClient.connect(port)
    late.get('/thread')
    await late.until(/ 200 OK/)
  })

  it('stays paused when the worker drains', async () => {
    const events = new AppEvents()
    const { others, listener, worker } = await withBusyThread({ maxQueue: 1 }, events)
    others[0]?.get('/hold?id=second')
    await expect.poll(() => listener.isAccepting).toBe(false)
    const drained = worker.drain(new AbortController().signal)
    events.release('first')
    await events.until('started /hold?id=second')
    events.release('second')
    await drained
    expect(listener.isAccepting).toBe(false)
  })
})

describe('concurrency', () => {
  it('of one thread lets requests overlap in it, those with signals too', async () => {
    const events = new AppEvents()
    const { port } = await startWorker({ options: { concurrency: 4 } })
    const clients = await connectAll(port, 4)
    for (const [index, client] of clients.entries()) client.get(`/hold?id=${index}`)
    for (const [index] of clients.entries()) await events.until(`started /hold?id=${index}`)
    for (const [index, client] of clients.entries()) {
      events.release(String(index))
      await client.until(/ 200 OK/)
    }
  })

  it('of threads runs requests at once in different threads', async () => {
    const events = new AppEvents()
    const { port, worker } = await startWorker({ options: { threads: 2 } })
    const [a, b] = await connectAll(port, 2)
    a?.get('/hold?id=a')
    b?.get('/hold?id=b')
    await events.until('started /hold?id=a')
    await events.until('started /hold?id=b')
    expect(gauge(worker, 'threadsBusy')).toBe(2)
    events.release('a')
    events.release('b')
    await Promise.all([a?.until(/held a/), b?.until(/held b/)])
  })
})

describe('maxConcurrency', () => {
  it('is a limit besides the threads, and what runs on the event loop does not count', async () => {
    const events = new AppEvents()
    const { port, worker } = await startWorker({
      options: { threads: 2, loopPaths: ['/health'] },
      settings: { maxConcurrency: 1 },
    })
    const [first, second, health] = await connectAll(port, 3)
    first?.get('/hold?id=first')
    await events.until('started /hold?id=first')
    second?.get('/hold?id=second')
    while (gauge(worker, 'queueLength') !== 1) await new Promise(setImmediate)
    health?.get('/health')
    await health?.until(/hello from the loop/)
    expect(gauge(worker, 'threadsBusy')).toBe(1)
    events.release('first')
    await events.until('started /hold?id=second')
    events.release('second')
    await second?.until(/ 200 OK/)
  })
})

describe('paths', () => {
  it('run on the loop or in a thread as the options say, and the loop answers while all threads are busy', async () => {
    const events = new AppEvents()
    const { port, worker } = await startWorker({
      options: { loopPaths: ['/health'], threadPaths: ['/health/deep'] },
    })
    const [busy, health, deep] = await connectAll(port, 3)
    busy?.get('/spin?ms=300')
    await events.until('started /spin?ms=300')
    health?.get('/health')
    await health?.until(/hello from the loop/)
    expect(gauge(worker, 'threadsBusy')).toBe(1)
    deep?.get('/health/deep')
    await deep?.until(/hello from a thread/)
  })
})
