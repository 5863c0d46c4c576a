import {
  type Answer,
  bootedPids,
  LoadRun,
  listeningUrl,
  openDescriptors,
  unreapedPids,
  zombiesOf,
} from '@tunicorn/harness'
import { expect } from 'vitest'
import { fromThisRun, serve } from '../supervision/server.js'

/** Workers are killed one after the other. Only what they had in their hands is lost, and nothing is left of them. */
export async function killUnderLoad(kills: number): Promise<void> {
  const workers = 4
  const clients = 8
  await using server = await serve({ workers, args: ['--log-level', 'debug'] })
  const to = await listeningUrl(server)
  // The last thing that an arbiter opens.
  await server.waitForOutput(/Control socket at/)
  const before = openDescriptors(server.pid)
  const check = fromThisRun(server)
  // Whose connection each client has, as its last answer told. A client has one request in flight.
  const owners = new Map<number, number>()
  const noteOwner = (answer: Answer): string => {
    owners.set(answer.client, JSON.parse(answer.body).pid)
    return check(answer)
  }
  await using load = new LoadRun({ to, clients, check: noteOwner, maxMs: 120_000 })
  await load.waitForAnswers(100)
  const killed = new Set<number>()
  let held = 0
  for (let kill = 1; kill <= kills; kill += 1) {
    await load.waitForAnswers(10)
    const alive = unreapedPids(server)
    const victim = alive[(kill * 7) % alive.length]
    if (victim === undefined) throw new Error('no worker is alive')
    // A client that has lost its worker and has no answer of another yet may be with any, so also with this one.
    killed.add(victim)
    held += [...owners.values()].filter(owner => killed.has(owner)).length
    process.kill(victim, 'SIGKILL')
    await server.waitForOutput(new RegExp(`Worker exiting \\(pid: ${victim}\\)`))
  }
  await load.waitForAnswers(200)
  const report = await load.stop()
  const { reset, shortBody, ok } = report.outcomes
  console.log(
    `${kills} kills: ${report.requests} requests, ${ok} ok, ${reset} reset, ${shortBody} cut, ${held} in the hands of the killed`,
  )
  expect(report.failed, report.summary).toBe(reset + shortBody)
  expect(report.failed).toBeLessThanOrEqual(held)
  expect(held).toBeLessThan(kills * clients)
  // The worker after the last kill may still have to wait for its turn to boot.
  await expect.poll(() => unreapedPids(server).length).toBe(workers)
  expect(bootedPids(server).length).toBe(workers + kills)
  await expect.poll(() => zombiesOf(server.pid)).toEqual([])
  await expect.poll(() => openDescriptors(server.pid)).toBe(before)
  await server.stop()
}
