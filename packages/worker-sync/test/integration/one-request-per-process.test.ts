import { bootedPids, unreapedPids } from '@tunicorn/harness'
import { expect, onTestFinished, test } from 'vitest'
import { serveAtOnce, serveByFreshProcesses, startAsManyAsNeeded } from '../runs/processes.js'
import { ask, maxAtOnce, serve, slowReader } from '../support/server.js'

// `test/soak` has more requests for each of these three.
test('16 requests are served by 16 processes, and each finds its process untouched', () =>
  serveByFreshProcesses(16))

test.each([
  ['one request per process', []],
  ['long-lived processes', ['--max-requests', '0']],
])('%s: of 12 requests at once to 3 workers, 3 are served at a time', (_name, args) => serveAtOnce(12, args))

test('a process is started for each request that has ended, and not before', () => startAsManyAsNeeded(10))

test('a request that has to wait is served by a process that stood by', async () => {
  await using server = await serve({ workers: 1, args: ['-o', 'spares=2'] })
  await expect.poll(() => bootedPids(server.process).length).toBe(3)
  const [first, second] = await Promise.all([ask(server, '/?ms=300'), ask(server, '/?ms=300')])
  const booted = bootedPids(server.process).slice(0, 3)
  expect(booted).toContain(first?.pid)
  expect(booted).toContain(second?.pid)
  expect(maxAtOnce([first, second])).toBe(1)
  await server.process.stop()
})

test('no request waits behind a long one while another worker is idle', async () => {
  await using server = await serve({ workers: 2, args: ['--max-requests', '0', '-o', 'spares=0'] })
  const long = slowReader(server, '/never')
  onTestFinished(() => void long.destroy())
  const [, busy] = await server.process.waitForOutput(/never (\d+)/)
  for (let request = 0; request < 20; request += 1) expect((await ask(server)).pid).not.toBe(Number(busy))
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
  expect(unreapedPids(server.process)).toHaveLength(2)
  await server.process.stop()
})
