import {
  checkAllOk,
  LoadRun,
  listeningUrl,
  openDescriptors,
  Successors,
  temporaryDirectory,
} from '@tunicorn/harness'
import { expect } from 'vitest'
import { fromThisRun, serve } from '../supervision/server.js'

/** Each arbiter is upgraded by the one before. The last one has no more descriptors than the first. */
export async function upgradeUnderLoad(upgrades: number): Promise<void> {
  await using directory = await temporaryDirectory()
  const pidfile = `${directory.path}/pid`
  await using server = await serve({ args: ['--pid', pidfile, '--log-level', 'debug'] })
  using successors = new Successors(server)
  const to = await listeningUrl(server)
  // The last thing that an arbiter opens.
  await server.waitForOutput(/Control socket at/)
  const before = openDescriptors(server.pid)
  await using load = new LoadRun({ to, clients: 6, check: fromThisRun(server) })
  for (let round = 1; round <= upgrades; round += 1) {
    await load.waitForAnswers(30)
    await successors.upgrade()
  }
  await load.waitForAnswers(30)
  const report = await load.stop()
  checkAllOk(report)
  console.log(`${upgrades} upgrades: ${report.requests} requests, ${report.failed} failed`)
  // The channel to its predecessor is closed, the standard input is not inherited: no more than the first had.
  // What a worker or a log line holds for a moment comes and goes; what an upgrade leaves stays.
  await expect.poll(() => openDescriptors(successors.newest)).toBeLessThanOrEqual(before)
  process.kill(successors.newest, 'SIGTERM')
  await server.closed
}
