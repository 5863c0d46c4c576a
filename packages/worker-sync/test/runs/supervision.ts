/** What an operator or an accident does to the workers, as often as asked for, under load. */
import { bootedPids, checkAllOk, LoadRun, unreapedPids } from '@tunicorn/harness'
import { expect } from 'vitest'
import { ask, freshOfThisRun, ofThisRun, serve } from '../support/server.js'

export async function reload(times: number): Promise<void> {
  await using server = await serve()
  await using load = new LoadRun({ to: server.url, clients: 4, check: freshOfThisRun(server) })
  for (let generation = 1; generation <= times; generation += 1) {
    await load.waitForAnswers(3)
    server.process.signal('SIGHUP')
    await server.process.waitForOutput(new RegExp(`gen=${generation} `))
  }
  await expect.poll(async () => (await ask(server)).generation).toBe(times)
  checkAllOk(await load.stop())
  await server.process.stop()
}

/** Workers that pause their listener for each request, and have it paused when they are told to drain. */
export async function reloadLongLived(times: number): Promise<void> {
  await using server = await serve({
    args: ['--max-requests', '0', '-o', 'spares=0', '--canary-seconds', '0'],
  })
  await using load = new LoadRun({ to: server.url, clients: 8, keepAlive: false, check: ofThisRun(server) })
  for (let generation = 1; generation <= times; generation += 1) {
    await load.waitForAnswers(50)
    server.process.signal('SIGHUP')
    await server.process.waitForTimes('Reload done', generation, 30_000)
  }
  expect((await ask(server)).generation).toBe(times)
  checkAllOk(await load.stop())
  await server.process.stop()
}

/** Each process is gone as soon as it serves, and its successor takes a second: there is never a full number of them. */
export async function reloadSlowBoot(): Promise<void> {
  await using server = await serve({ app: 'slow-boot.mjs', args: ['--canary-seconds', '0'] })
  await using load = new LoadRun({ to: server.url, clients: 8, check: freshOfThisRun(server) })
  await load.waitForAnswers(8)
  server.process.signal('SIGHUP')
  await server.process.waitForOutput(/Reload done/, 15_000)
  checkAllOk(await load.stop())
  await server.process.stop()
}

/** Workers that serve 20 requests or a few more each. */
export async function recycle(workers: number): Promise<void> {
  await using server = await serve({ args: ['--max-requests', '20', '--max-requests-jitter', '5'] })
  await using load = new LoadRun({ to: server.url, clients: 4 })
  await server.process.waitForTimes('it exited with code 0 (max-requests', workers, 60_000)
  checkAllOk(await load.stop())
  expect(bootedPids(server.process).length).toBeGreaterThan(workers)
  await server.process.stop()
}

/** Spares and workers alike. */
export async function kill(times: number): Promise<void> {
  await using server = await serve({ workers: 2 })
  await using load = new LoadRun({ to: server.url, clients: 4, check: freshOfThisRun(server) })
  for (let round = 1; round <= times; round += 1) {
    await load.waitForAnswers(2)
    const alive = unreapedPids(server.process)
    const victim = alive[(round * 7) % alive.length]
    if (victim === undefined) continue
    try {
      process.kill(victim, 'SIGKILL')
    } catch {
      // It has ended by itself meanwhile.
    }
  }
  await load.waitForAnswers(20)
  const report = await load.stop()
  const { reset, shortBody } = report.outcomes
  expect(report.failed, report.summary).toBe(reset + shortBody)
  // A worker has one request at a time.
  expect(report.failed, report.summary).toBeLessThanOrEqual(times)
  await server.process.stop()
}
