import { checkAllOk, LoadRun, listeningUrl, temporaryDirectory } from '@tunicorn/harness'
import { expect } from 'vitest'
import { fromThisRun, serve } from '../supervision/server.js'

export interface ReloadRun {
  readonly transport: 'TCP' | 'a Unix socket'
  readonly keepAlive: boolean
  readonly reloads: number
  /** At least so many. */
  readonly requests: number
}

/** One reload after the other. No request is lost, and every generation answers some. */
export async function reloadUnderLoad({ transport, keepAlive, reloads, requests }: ReloadRun): Promise<void> {
  await using directory = await temporaryDirectory()
  const path = `unix:${directory.path}/app.sock`
  await using server = await serve({ bind: transport === 'TCP' ? '127.0.0.1:0' : path })
  const to = await listeningUrl(server)
  await using load = new LoadRun({ to, clients: 8, keepAlive, check: fromThisRun(server) })
  for (let round = 1; round <= reloads; round += 1) {
    await load.waitForAnswers(50)
    server.signal('SIGHUP')
    await server.waitForTimes('Reload done', round, 60_000)
  }
  await load.waitForAnswers(Math.max(100, requests - load.report().requests))
  const report = await load.stop()
  checkAllOk(report)
  expect(report.requests).toBeGreaterThanOrEqual(requests)
  expect(report.labels.size).toBe(reloads + 1)
  console.log(
    `${reloads} reloads, ${transport}, keep-alive ${keepAlive}: ${report.requests} requests, ${report.failed} failed`,
  )
  expect((await server.stop()).code).toBe(0)
}
