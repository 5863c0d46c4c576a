/** Which process serves which request, for as many requests as asked for. */
import { bootedPids, checkAllOk, LoadRun } from '@tunicorn/harness'
import { expect } from 'vitest'
import { ask, freshOfThisRun, maxAtOnce, serve } from '../support/server.js'

/** Each request is served by a process that has served none. */
export async function serveByFreshProcesses(requests: number): Promise<void> {
  await using server = await serve({ workers: 2 })
  await using load = new LoadRun({
    to: server.url,
    clients: 4,
    maxRequests: requests,
    maxMs: 200_000,
    check: freshOfThisRun(server),
  })
  const report = await load.finished
  checkAllOk(report)
  expect(report.requests).toBe(requests)
  await server.process.stop()
}

/** However many requests come at once, a process has one, and the server as many as it has workers. */
export async function serveAtOnce(requests: number, args: readonly string[]): Promise<void> {
  await using server = await serve({ workers: 3, args })
  const identities = await Promise.all(Array.from({ length: requests }, () => ask(server, '/?ms=5')))
  expect(identities.map(({ maxInFlight }) => maxInFlight)).toEqual(Array(requests).fill(1))
  expect(maxAtOnce(identities)).toBeLessThanOrEqual(3)
  await server.process.stop()
}

/** A process is started for each request that has ended, and not before. */
export async function startAsManyAsNeeded(requests: number): Promise<void> {
  const [workers, spares, clients] = [2, 1, 8]
  await using server = await serve({ workers, args: ['-o', `spares=${spares}`] })
  let answers = 0
  const check = (): undefined => {
    answers += 1
    // Each client may have one answer on its way to it.
    const most = workers + spares + answers + clients
    const booted = bootedPids(server.process).length
    if (booted > most) throw new Error(`${booted} processes were started, and no more than ${most} needed`)
  }
  await using load = new LoadRun({ to: server.url, clients, maxRequests: requests, check })
  checkAllOk(await load.finished)
  await expect.poll(() => bootedPids(server.process).length).toBe(workers + spares + requests)
  await server.process.stop()
}
