import { checkAllOk, LoadRun } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import {
  alivePids,
  ask,
  bootedPids,
  freshOfThisRun,
  type Identity,
  mostAtOnce,
  serve,
} from '../support/server.js'

test('200 requests are served by 200 processes, and each finds its process untouched', async () => {
  await using server = await serve({ workers: 2 })
  await using load = new LoadRun({
    to: server.url,
    clients: 4,
    maxRequests: 200,
    maxMs: 200_000,
    check: freshOfThisRun(server),
  })
  const report = await load.finished
  checkAllOk(report)
  expect(report.requests).toBe(200)
  await server.process.stop()
  // 200 processes need 20 s of a processor, of which a busy machine has little.
}, 240_000)

test.each([
  ['one request per process', []],
  ['long-lived processes', ['--max-requests', '0']],
])('%s: of 100 requests at once to 3 workers, 3 are served at a time', async (_name, args) => {
  await using server = await serve({ workers: 3, args })
  const identities = await Promise.all(Array.from({ length: 100 }, () => ask(server, '/?ms=5')))
  expect(identities.map(({ mostInFlight }: Identity) => mostInFlight)).toEqual(Array(100).fill(1))
  expect(mostAtOnce(identities)).toBeLessThanOrEqual(3)
  await server.process.stop()
})

test('a request that has to wait is served by a process that stood by', async () => {
  await using server = await serve({ workers: 1, args: ['-o', 'spares=2'] })
  await expect.poll(() => bootedPids(server).length, { timeout: 10_000 }).toBe(3)
  const [first, second] = await Promise.all([ask(server, '/?ms=300'), ask(server, '/?ms=300')])
  const booted = bootedPids(server).slice(0, 3)
  expect(booted).toContain(first?.pid)
  expect(booted).toContain(second?.pid)
  expect(mostAtOnce([first, second])).toBe(1)
  await server.process.stop()
})

test('a process is started for each request that has ended, and not before', async () => {
  const [workers, spares, clients, requests] = [2, 1, 8, 60]
  await using server = await serve({ workers, args: ['-o', `spares=${spares}`] })
  let answers = 0
  const check = (): undefined => {
    answers += 1
    // Each client may have one answer on its way to it.
    const most = workers + spares + answers + clients
    const booted = bootedPids(server).length
    if (booted > most) throw new Error(`${booted} processes were started, and no more than ${most} needed`)
  }
  await using load = new LoadRun({ to: server.url, clients, maxRequests: requests, check })
  checkAllOk(await load.finished)
  await expect.poll(() => bootedPids(server).length, { timeout: 20_000 }).toBe(workers + spares + requests)
  await server.process.stop()
})

test('with maxRequests 3 a process serves three requests and ends', async () => {
  await using server = await serve({ workers: 1, args: ['--max-requests', '3'] })
  const counts: number[] = []
  for (let request = 0; request < 9; request += 1) counts.push((await ask(server)).requests)
  expect(counts).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3])
  await server.process.stop()
})

test('with maxRequests 0 the same processes serve all requests', async () => {
  await using server = await serve({ workers: 2, args: ['--max-requests', '0', '-o', 'spares=0'] })
  const pids = new Set<number>()
  for (let request = 0; request < 30; request += 1) pids.add((await ask(server)).pid)
  expect(pids.size).toBeLessThanOrEqual(2)
  expect(alivePids(server)).toHaveLength(2)
  await server.process.stop()
})
