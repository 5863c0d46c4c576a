/** 7xx: unplanned ends. In real processes, under the real host and a real arbiter. */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { alive, descendants, endAll } from '../rig/process-table.js'
import { quietMoment } from '../rig/within.js'
import type { WorkerProcess } from '../rig/worker-process.js'
import { type Clause, clause } from '../scene/clause.js'
import type { Scene } from '../scene/scene.js'
import { knows } from './applicability.js'
import { holdRequest } from './held-request.js'

const lookMs = 50
const longDeadlineMs = 60_000

export const processClauses: readonly Clause[] = [
  clause({
    id: 'WC-701',
    look: 'what the class does with `unhandledRejection`, and with threads that end',
    sentence:
      'An unhandled rejection in the app ends the worker with a non-zero code, or the thread that it was in, and it is replaced',
    appliesTo: knows('reject'),
    async run(scene) {
      const { child, stage } = await scene.arbiter()
      const { address } = await scene.within(
        child.report(report => report.type === 'serving'),
        'the arbiter to serve',
      )
      const client = await scene.subject.driver.connect(address)
      // The clause leaves open whether it is still answered.
      client.request('reject').catch(() => {})
      await scene.within(stage.until('reject'), 'the app to get the request')
      const loaded = stage.instances.length
      await scene.within(
        stage.when(() => stage.ended.size > 0),
        'what ran the app to end',
      )
      client.leave()
      await scene.within(
        stage.when(() => stage.instances.length > loaded || stage.instances.length > stage.ended.size),
        'a replacement',
      )
      const next = await scene.subject.driver.connect(address)
      await scene.within(next.request('echo'), 'an answer from the replacement')
      next.leave()
      const codes = child.reports.flatMap(report => (report.type === 'exit' ? [report.code] : []))
      assert.ok(!codes.includes(0), 'the worker ended with the code 0')
    },
  }),
  clause({
    id: 'WC-702',
    look: 'what outlives the main thread or the process: threads, processes, listeners of `disconnect`',
    sentence: 'Losing the IPC channel (the arbiter died) ends the worker',
    async run(scene) {
      const { child } = await scene.arbiter()
      await scene.within(
        child.report(report => report.type === 'serving'),
        'the arbiter to serve',
      )
      // Including those that still boot, which have not loaded the app yet.
      const workers = await descendants(child.pid)
      child.kill()
      await scene.within(child.ended(), 'the arbiter to end')
      try {
        await scene.within(gone(workers), `the worker (pid ${workers}) to end after its arbiter`)
      } finally {
        await endAll(workers)
      }
    },
  }),
  clause({
    id: 'WC-703',
    look: 'what the class starts, and where it makes socket files',
    sentence: 'SIGKILL at any moment leaves no orphan thread, process or socket file',
    appliesTo: knows('hold'),
    async run(scene) {
      await Promise.all(moments.map(reach => killAt(scene, reach)))
    },
  }),
]

/** Ways to reach the states in which a worker is killed. */
const moments: readonly ((scene: Scene, worker: WorkerProcess) => Promise<void>)[] = [
  async (_scene, worker) => worker.booted(),
  async (scene, worker) => {
    await worker.serve()
    await holdRequest(scene, worker)
  },
  async (scene, worker) => {
    await worker.serve()
    await holdRequest(scene, worker)
    worker.drain(longDeadlineMs)
    await quietMoment()
  },
]

async function killAt(scene: Scene, reach: (typeof moments)[number]): Promise<void> {
  const worker = await scene.process()
  await reach(scene, worker)
  const started = await descendants(worker.pid)
  // A worker whose drain ends too early may be about to exit by itself.
  worker.kill()
  await scene.within(worker.ended(), 'the worker to end')
  try {
    await scene.within(gone(started), `what the worker had started (pid ${started}) to end with it`)
  } finally {
    await endAll(started)
  }
  assert.deepEqual(await socketFiles(worker), [], 'socket files that were left behind')
}

/** Resolves when none of the processes is alive. */
async function gone(pids: readonly number[]): Promise<void> {
  // Nothing announces the end of processes that are not our own children.
  while ((await alive(pids)).length > 0) await quietMoment(lookMs)
}

/** In the working directory of the worker, which is also its temporary folder. The suite's own socket does not count. */
async function socketFiles({ directory, stage }: WorkerProcess): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isSocket())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => path !== stage.path)
}
