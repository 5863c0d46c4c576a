import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import type { ServerStatus } from '@tunicorn/arbiter/control'
import { portOf, startTunicorn, temporaryDirectory } from '@tunicorn/harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Demo, demoFolder, lanes } from '../support/demo.js'
import { readEvents } from '../support/read-events.js'

let demo: Demo

beforeAll(async () => {
  demo = await Demo.start()
})
afterAll(async () => {
  await demo?.[Symbol.asyncDispose]()
})

test('every group answers, through one origin', async () => {
  for (const lane of lanes) {
    const path = lane === 'web' ? '/work/fast' : `/${lane}/work/fast`
    const { status, body } = await demo.send('POST', path)
    expect({ lane, status, ...JSON.parse(body) }).toMatchObject({
      lane,
      status: 200,
      work: 'fast',
      release: 1,
    })
  }
})

test('the sockets of the groups are private', () => {
  expect(statSync(demo.directory).mode & 0o777).toBe(0o700)
  for (const lane of lanes) expect(statSync(`${demo.directory}/${lane}.sock`).mode & 0o777).toBe(0o600)
  expect(statSync(`${demo.directory}/token`).mode & 0o777).toBe(0o600)
})

test('a tile is a picture', async () => {
  const response = await fetch(`${demo.url}/cpu/tile?view=0&column=1&row=2`)
  expect(response.headers.get('content-type')).toBe('image/png')
  expect(Buffer.from(await response.arrayBuffer()).toString('latin1', 1, 4)).toBe('PNG')
  for (const wrong of ['', '?view=99&column=0&row=0', '?view=0&column=4&row=0', '?view=0&column=-1&row=0'])
    expect((await fetch(`${demo.url}/cpu/tile${wrong}`)).status).toBe(404)
})

test('what changes something is refused without the token, from other pages and under other names', async () => {
  const orders = [
    ['/api/deploy', { isBroken: true }],
    ['/api/scale', { lane: 'web', by: 1 }],
    ['/api/kill', { pid: process.pid }],
    ['/api/stack', { pid: process.pid }],
    ['/api/runs', { type: 'steady', seconds: 1 }],
    ['/isolated/work/crash', undefined],
  ] as const
  for (const [path, body] of orders) {
    expect((await demo.send('POST', path, body, { 'x-demo-token': '' })).status).toBe(403)
    expect((await demo.send('POST', path, body, { origin: 'http://evil.example' })).status).toBe(403)
    expect((await demo.send('POST', path, body, { host: 'evil.example' })).status).toBe(421)
  }
  // Where a link or an image could ask for it.
  expect((await demo.send('GET', '/isolated/work/crash')).status).toBe(405)
})

test('an order that is none is refused with what is wrong', async () => {
  for (const [path, body] of [
    ['/api/runs', { type: 'burst', lane: 'web', work: 'fast', count: 100_000 }],
    ['/api/runs', { type: 'steady', seconds: 86_400 }],
    ['/api/scale', { lane: 'live', by: 1 }],
    ['/api/deploy', 'yes'],
  ] as const) {
    const { status, body: answer } = await demo.send('POST', path, body)
    expect(status).toBe(400)
    expect(JSON.parse(answer)).toEqual({ problem: expect.any(String) })
  }
})

test('only workers can be killed', async () => {
  expect((await demo.send('POST', '/api/kill', { pid: process.pid })).status).toBe(404)
})

test('a burst to `isolated` is answered by as many processes as requests', async () => {
  const [summary] = await demo.run({ type: 'burst', lane: 'isolated', work: 'fast', count: 12 })
  expect(summary).toMatchObject({ answered: 12, processes: 12, failed: 0 })
})

test('what leaks is kept by a long-lived worker, and gone with a process per request', async () => {
  const leakedBy = async (path: string): Promise<number> =>
    JSON.parse((await demo.send('POST', path)).body).leaked
  expect(await leakedBy('/live/work/leak')).toBe(1)
  expect(await leakedBy('/live/work/leak')).toBe(2)
  expect(await leakedBy('/isolated/work/leak')).toBe(1)
  expect(await leakedBy('/isolated/work/leak')).toBe(1)
})

test('a crash costs only the request that crashed', async () => {
  const crash = demo.run({ type: 'burst', lane: 'isolated', work: 'crash', count: 1 })
  const [others] = await demo.run({ type: 'burst', lane: 'isolated', work: 'fast', count: 4 })
  expect(others).toMatchObject({ answered: 4, failed: 0 })
  expect(await crash).toMatchObject([{ answered: 0, failed: 0, lost: 1 }])
})

test('a worker that blocks forever is killed, and the log says with which request', async () => {
  const [summary] = await demo.run({ type: 'burst', lane: 'live', work: 'block', count: 1 })
  expect(summary).toMatchObject({ lost: 1 })
  await demo.process.waitForOutput(/WORKER TIMEOUT/)
  expect(demo.process.output).toContain('/work/block')
  await demo.waitForStatus(({ groups }) =>
    groups.some(({ name, workers }) => name === 'live' && workers.some(({ state }) => state === 'serving')),
  )
})

test('a killed worker is replaced', async () => {
  const { body } = await demo.send('POST', '/cpu/work/fast')
  const { pid } = JSON.parse(body)
  expect((await demo.send('POST', '/api/kill', { pid })).status).toBe(202)
  await demo.waitForStatus(({ groups }) =>
    groups.some(
      ({ name, workers }) =>
        name === 'cpu' && workers.some(worker => worker.pid !== pid && worker.state === 'serving'),
    ),
  )
})

test('good code replaces the old under traffic, and broken code does not; neither costs a request', async () => {
  const traffic = demo.run({ type: 'steady', seconds: 8 })
  const endOfReload = (result: string): Promise<ServerStatus> =>
    demo.waitForStatus(({ arbiter }) => arbiter.lastReload?.result === result)
  expect((await demo.send('POST', '/api/deploy', { isBroken: false })).status).toBe(202)
  await endOfReload('done')
  expect(JSON.parse((await demo.send('POST', '/cpu/work/fast')).body)).toMatchObject({ release: 2 })

  expect((await demo.send('POST', '/api/deploy', { isBroken: true })).status).toBe(202)
  const { arbiter } = await endOfReload('failed')
  expect(arbiter.lastReload?.error?.message).toContain('Release 3 is broken')
  // A new process, spawned after the broken release was deployed.
  expect(JSON.parse((await demo.send('POST', '/isolated/work/fast')).body)).toMatchObject({ release: 2 })
  for (const summary of await traffic) expect(summary).toMatchObject({ failed: 0, lost: 0 })
})

test('workers can be added and taken away, within bounds', async () => {
  const scale = async (by: number): Promise<number> =>
    (await demo.send('POST', '/api/scale', { lane: 'cpu', by })).status
  const hasTarget = (target: number): Promise<ServerStatus> =>
    demo.waitForStatus(({ groups }) => groups.some(group => group.name === 'cpu' && group.target === target))
  expect(await scale(1)).toBe(202)
  await hasTarget(2)
  expect(await scale(-1)).toBe(202)
  await hasTarget(1)
  expect(await scale(-1)).toBe(409)
})

test('a run ends when nobody listens to it any more', async () => {
  const leaving = new AbortController()
  const headers = { 'x-demo-token': demo.token, 'content-type': 'application/json' }
  const body = JSON.stringify({ type: 'steady', seconds: 60 })
  for (let time = 0; time < 6; time++) {
    const response = await fetch(`${demo.url}/api/runs`, {
      method: 'POST',
      headers,
      body,
      signal: leaving.signal,
    })
    // More than a worker runs at a time: those before have ended.
    expect([200, 429]).toContain(response.status)
    await response.body?.cancel()
  }
  leaving.abort()
})

test('the room can be followed as an event stream', async () => {
  for await (const data of readEvents(`${demo.url}/live/stream`, AbortSignal.timeout(20_000))) {
    expect(JSON.parse(data)).toEqual({ type: 'people', count: expect.any(Number) })
    break
  }
})

test('`npm start` says what to open; Ctrl-C ends it with code 0 and leaves no process and no file', async () => {
  await using started = await Demo.startWithNpm()
  expect(started.process.output).toMatch(/open +http:/)
  expect(started.process.output).toContain('Ctrl-C')
  expect(existsSync(started.directory)).toBe(true)
  // What a terminal does: npm, the arbiter and its workers get the signal. `closed` waits for all of them.
  process.kill(-started.process.pid, 'SIGINT')
  expect(await started.process.closed, started.process.output).toEqual({ code: 0, signal: null })
  await expect(fetch(started.url)).rejects.toThrow()
  expect(existsSync(started.directory)).toBe(false)
})

test('what an arbiter left behind that was killed is gone after the next start, and nothing else is', async () => {
  await using folder = await temporaryDirectory()
  const variables = { TMPDIR: folder.path }
  await using killed = await Demo.start(variables)
  expect(await killed.process.stop('SIGKILL')).toMatchObject({ signal: 'SIGKILL' })
  expect(existsSync(killed.directory)).toBe(true)
  await using living = await Demo.start(variables)
  expect(existsSync(killed.directory)).toBe(false)
  await using third = await Demo.start(variables)
  expect(existsSync(living.directory)).toBe(true)
  for (const demo of [living, third]) await demo.process.stop('SIGINT')
  expect(readdirSync(folder.path).filter(name => name.startsWith('tunicorn-demo-'))).toEqual([])
})

test('a port in use is one line that says what to type for another one, and leaves no file', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const port = portOf(taken)
  await using folder = await temporaryDirectory()
  const env = { PORT: String(port), TMPDIR: folder.path }
  await using started = await startTunicorn({ args: [], cwd: demoFolder, env })
  expect(await started.closed).toEqual({ code: 1, signal: null })
  expect(started.output).toMatch(
    new RegExp(`^.*Port ${port} is in use. For another one: PORT=\\d+ npm start\n$`),
  )
  expect(readdirSync(folder.path).filter(name => name.startsWith('tunicorn-demo-'))).toEqual([])
  taken.close()
})
