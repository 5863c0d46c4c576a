import { stat } from 'node:fs/promises'
import { type ControlEvent, type DurationsStatus, TunicornError } from '@tunicorn/arbiter/control'
import { bootedPids, isAlive, rawExchange } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { controlledArbiter } from '../support/controlled-arbiter.js'
import { servingAt } from '../support/run-arbiter.js'

/** What a program that is not our client sends and gets. */
async function send(path: string, head: string, body = ''): Promise<string> {
  const length = body === '' ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`
  const bytes = `${head} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${length}\r\n${body}`
  return (await rawExchange({ path }, bytes)).toString()
}

/** Collects events until one is as wanted, that one included. */
async function eventsUntil(
  events: AsyncIterable<ControlEvent>,
  isWanted: (event: ControlEvent) => boolean,
): Promise<readonly ControlEvent[]> {
  const seen: ControlEvent[] = []
  for await (const event of events) {
    seen.push(event)
    if (isWanted(event)) return seen
  }
  throw new Error(`The events ended: ${JSON.stringify(seen)}`)
}

describe('the status', () => {
  it('tells of the arbiter, the groups and every worker', async () => {
    await using arbiter = await controlledArbiter()
    const { server, client } = arbiter
    const { arbiter: self, groups } = await client.status()
    expect(self).toMatchObject({ pid: server.pid, generation: 0, state: 'serving', lastReload: null })
    expect(groups).toMatchObject([
      { name: 'default', workerClass: 'plain', app: './app.mjs', target: 2, exits: [] },
    ])
    expect(groups[0]?.bind).toEqual([await servingAt(server)])
    expect(groups[0]?.workers.map(({ pid }) => pid)).toEqual(bootedPids(server))
    expect(groups[0]?.workers).toMatchObject([
      { age: 1, generation: 0, state: 'serving', reason: null },
      { age: 2, generation: 0, state: 'serving', reason: null },
    ])
  })

  it('has the gauges of the worker class, from the first heartbeat on', async () => {
    await using arbiter = await controlledArbiter({ settings: { workers: 1 } })
    const { client } = arbiter
    const gauges = async (): Promise<unknown> => (await client.status()).groups[0]?.workers[0]?.gauges
    await expect.poll(gauges).toEqual({ servers: 1 })
    await client.stop({ wait: true })
  })

  it('counts how long requests took, as the metrics do', async () => {
    await using arbiter = await controlledArbiter()
    const { server, client } = arbiter
    const url = await servingAt(server)
    for (const path of ['/', '/', '/slow?ms=300']) await (await fetch(url + path)).text()
    const durations = async (): Promise<DurationsStatus | undefined> =>
      (await client.status()).groups[0]?.durations
    const ended = async (): Promise<unknown> =>
      (await durations())?.counts.reduce((sum, count) => sum + count)
    await expect.poll(ended).toBe(3)
    const { bounds = [], counts = [] } = (await durations()) ?? {}
    expect(counts).toHaveLength(bounds.length + 1)
    const above = counts.slice(bounds.indexOf(0.25) + 1)
    expect(above.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(1)
    const metrics = await client.metrics()
    for (const [index, bound] of bounds.entries()) {
      const cumulative = counts.slice(0, index + 1).reduce((sum, count) => sum + count)
      expect(metrics).toMatch(
        new RegExp(`^tunicorn_request_duration_seconds_bucket\\{.*le="${bound}".*\\} ${cumulative}$`, 'm'),
      )
    }
    await client.stop({ wait: true })
  })

  it('names the request that a worker is busy with, also while the worker is blocked', async () => {
    await using arbiter = await controlledArbiter({ settings: { workers: 1 } })
    const { server, client } = arbiter
    const before = Date.now()
    const slow = fetch(`${await servingAt(server)}/slow?ms=20000`).catch(() => {})
    const inFlight = async (): Promise<unknown> => (await client.status()).groups[0]?.workers[0]?.inFlight
    await expect.poll(inFlight).toBe(1)
    const [worker] = (await client.status()).groups[0]?.workers ?? []
    expect(worker?.requestsInFlight).toMatchObject([{ method: 'GET', target: '/slow?ms=20000' }])
    expect(Date.parse(worker?.busySince ?? '')).toBeGreaterThanOrEqual(before - 1_000)
    expect(worker?.busySince).toBe(worker?.requestsInFlight[0]?.startedAt)
    void fetch(`${await servingAt(server)}/block`).catch(() => {})
    await server.waitForOutput(/^spinning$/m)
    const blocked = await client.status()
    expect(blocked.groups[0]?.workers[0]).toMatchObject({ state: 'serving', requests: expect.any(Number) })
    await client.stop({ mode: 'kill', wait: true })
    await slow
  })

  it('tells how workers ended, newest first', async () => {
    await using arbiter = await controlledArbiter()
    const { server, client } = arbiter
    const [first = 0] = bootedPids(server)
    process.kill(first, 'SIGKILL')
    await expect.poll(async () => (await client.status()).groups[0]?.exits.length).toBe(1)
    const [exit] = (await client.status()).groups[0]?.exits ?? []
    expect(exit).toMatchObject({ pid: first, age: 1, isOrderly: false, reason: { kind: 'signal' } })
    expect(exit?.reason.text).toContain('SIGKILL')
  })
})

describe('an order', () => {
  it('to reload is done when the new generation serves alone', async () => {
    await using arbiter = await controlledArbiter()
    const { client } = arbiter
    await client.reload({ wait: true })
    const { arbiter: self, groups } = await client.status()
    expect(self).toMatchObject({
      generation: 1,
      state: 'serving',
      lastReload: { result: 'done', error: null },
    })
    const live = groups[0]?.workers.filter(({ state }) => state === 'serving') ?? []
    expect(live.map(({ generation }) => generation)).toEqual([1, 1])
  })

  it('to scale names the group, and is done when its workers serve', async () => {
    await using arbiter = await controlledArbiter()
    const { client } = arbiter
    expect(await client.scale({ by: 1, wait: true })).toEqual([{ name: 'default', from: 2, to: 3 }])
    expect((await client.status()).groups[0]?.workers).toHaveLength(3)
    expect(await client.scale({ group: 'default', to: 1, wait: true })).toEqual([
      { name: 'default', from: 3, to: 1 },
    ])
    expect((await client.status()).groups[0]?.workers).toHaveLength(1)
    expect(await client.scale({ by: -1 })).toEqual([{ name: 'default', from: 1, to: 1 }])
    await expect(client.scale({ group: 'wbe', by: 1 })).rejects.toThrow(
      expect.objectContaining({ code: 'GROUP_UNKNOWN', message: expect.stringContaining('default') }),
    )
  })

  it('to stop is done when every worker is gone, and takes the socket away', async () => {
    await using arbiter = await controlledArbiter()
    const { server, client } = arbiter
    const pids = bootedPids(server)
    await client.stop({ wait: true })
    expect(pids.filter(isAlive)).toEqual([])
    expect(await server.exited).toEqual({ code: 0, signal: null })
    await expect(stat(client.path)).rejects.toThrow('ENOENT')
  })

  it('that comes while the server stops is refused', async () => {
    await using arbiter = await controlledArbiter({ settings: { drainDelay: 20 } })
    const { client } = arbiter
    await client.stop()
    expect((await client.status()).arbiter.state).toBe('stopping')
    await expect(client.reload()).rejects.toThrow(expect.objectContaining({ code: 'ARBITER_STOPPED' }))
    await expect(client.scale({ by: 1 })).rejects.toThrow(
      expect.objectContaining({ code: 'ARBITER_STOPPED' }),
    )
    await client.stop({ mode: 'kill', wait: true })
  })
})

it('a server that is parked says so, also when that came in the middle of a reload, until the next one', async () => {
  await using arbiter = await controlledArbiter()
  const { client, server } = arbiter
  const events = client.events()
  await events.next()
  server.signal('SIGHUP')
  await server.waitForOutput(/Reloading/)
  server.signal('SIGWINCH')
  await eventsUntil(events, event => event.type === 'arbiter' && event.state === 'parked')
  const parked = await client.status()
  expect(parked.arbiter).toMatchObject({ state: 'parked', lastReload: { result: 'done' } })
  expect(parked.groups).toMatchObject([{ target: 0 }])
  await client.reload({ wait: true })
  const { arbiter: after, groups } = await client.status()
  expect(after.state).toBe('serving')
  expect(groups).toMatchObject([{ target: 2 }])
  expect(groups[0]?.workers.filter(({ state }) => state === 'serving')).toHaveLength(2)
})

describe('the events', () => {
  it('begin with the status and tell every state of every worker through a reload', async () => {
    await using arbiter = await controlledArbiter({ settings: { workers: 1 } })
    const { client } = arbiter
    const events = client.events()
    const first = await events.next()
    expect(first.value).toMatchObject({ type: 'status', status: { api: 1 } })
    await client.reload()
    const seen = await eventsUntil(events, event => event.type === 'exit')
    const ofWorker = (age: number) =>
      seen.flatMap(event => (event.type === 'worker' && event.age === age ? [event.state] : []))
    expect(ofWorker(2)).toEqual(['booting', 'standby', 'promoting', 'serving'])
    expect(ofWorker(1)).toEqual(['draining', 'closed'])
    const ofReload = seen.flatMap(event => (event.type === 'arbiter' ? [event.state] : []))
    expect(ofReload[0]).toBe('reloading')
    expect(seen.map(({ type }) => type)).toContain('reload-begun')
    expect(seen.at(-1)).toMatchObject({ exit: { age: 1, isOrderly: true, reason: { kind: 'reload' } } })
  })

  it('tell of targets, and end when the server has stopped', async () => {
    await using arbiter = await controlledArbiter()
    const { client } = arbiter
    const events = client.events()
    await events.next()
    await client.scale({ by: 1, wait: true })
    await client.stop()
    const seen: ControlEvent[] = []
    for await (const event of events) seen.push(event)
    expect(seen).toContainEqual(expect.objectContaining({ type: 'target', group: 'default', from: 2, to: 3 }))
    expect(seen.at(-1)).toMatchObject({ type: 'arbiter', state: 'stopped' })
  })

  it('end with the reason of the signal', async () => {
    await using arbiter = await controlledArbiter()
    const controller = new AbortController()
    const events = arbiter.client.events({ signal: controller.signal })
    await events.next()
    controller.abort(new Error('enough'))
    await expect(events.next()).rejects.toThrow('enough')
  })
})

describe('a request that is wrong', () => {
  const cases: readonly (readonly [string, string, string, string, string])[] = [
    ['for an unknown path', 'GET /nothing', '', '404 Not Found', 'nothing at \\"/nothing\\"'],
    ['with the wrong method', 'POST /status', '', '405 Method Not Allowed', 'GET and HEAD only'],
    ['without JSON', 'POST /scale', '{', '400 Bad Request', 'not JSON'],
    ['with a wrong number', 'POST /scale', '{"by":1.5}', '400 Bad Request', '`by`: Invalid integer'],
    ['with an unknown member', 'POST /scale', '{"buy":1}', '400 Bad Request', '`buy` is not known'],
    ['with too much to do', 'POST /scale', '{"by":1,"to":2}', '400 Bad Request', 'only one'],
    ['with an unknown mode', 'POST /stop', '{"mode":"hard"}', '400 Bad Request', '`mode`'],
    ['that is too long', 'POST /scale', ' '.repeat(5_000), '413 Payload Too Large', '4096 bytes'],
    ['with a strange target', 'GET http://example.test/status', '', '400 Bad Request', 'not a path'],
  ]
  it('is answered with what is wrong, and changes nothing', async () => {
    await using arbiter = await controlledArbiter()
    const { client } = arbiter
    for (const [, head, body, status, message] of cases) {
      const answer = await send(client.path, head, body)
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status}\r\n`))
      expect(answer).toContain('{"ok":false,"error":{"code":"CONTROL_BAD_REQUEST"')
      expect(answer).toContain(message)
    }
    expect(await send(client.path, 'DELETE /status')).toMatch(/^allow: GET, HEAD\r$/m)
    const { arbiter: self, groups } = await client.status()
    expect(self).toMatchObject({ state: 'serving', generation: 0 })
    expect(groups[0]?.target).toBe(2)
  })

  it('of a web page is refused', async () => {
    await using arbiter = await controlledArbiter()
    const answer = await rawExchange(
      { path: arbiter.client.path },
      'POST /stop HTTP/1.1\r\nhost: x\r\norigin: http://example.test\r\nconnection: close\r\n\r\n',
    )
    expect(answer.toString()).toMatch(/^HTTP\/1.1 403 /)
    expect((await arbiter.client.status()).arbiter.state).toBe('serving')
  })

  it('is a TunicornError with the code of the server', async () => {
    await using arbiter = await controlledArbiter()
    const error = await arbiter.client.scale({}).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(TunicornError)
    expect(error).toMatchObject({ code: 'CONTROL_BAD_REQUEST' })
  })
})
