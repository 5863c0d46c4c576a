/** 4xx: the proof that a worker is alive. In real processes, under the real host. */
import assert from 'node:assert/strict'
import type { WorkerProcess } from '../rig/worker-process.js'
import { type Clause, clause } from '../suite/clause.js'
import { quietMoment } from '../within.js'
import { all, knows, promises } from './applicability.js'
import { holdRequest } from './held-request.js'

/** Seconds. The host then beats every quarter of it. */
const timeout = 1
/** Two timeouts' worth. */
const enoughBeats = 8
const lookMs = 50
/** A heartbeat that was on its way when the silence began shortens it by one interval. */
const looksInSilence = (timeout * 700) / lookMs

export const heartbeatClauses: readonly Clause[] = [
  clause({
    id: 'WC-401',
    sentence: 'A blocked event loop stops the heartbeat within one `timeout`',
    appliesTo: knows('block'),
    async run(scene) {
      const worker = await scene.process({ settings: { timeout } })
      await worker.serve()
      const client = await worker.connect()
      let isOver = false
      const end = (): void => {
        isOver = true
      }
      client.request('block').then(end, end)
      await scene.within(worker.stage.until('block'), 'the app to block')
      // A class whose apps run elsewhere than on the loop of its heartbeat has to end such a request itself.
      await scene.within(
        silence(worker, () => isOver),
        'the heartbeat to stop, or the class to end the request, when an app blocks for ever',
      )
    },
  }),
  clause({
    id: 'WC-402',
    about: "`heartbeat` 'worker'",
    sentence: 'A request longer than `timeout` stops the heartbeat',
    appliesTo: all(promises('heartbeat', 'worker'), knows('hold')),
    async run(scene) {
      const worker = await scene.process({ settings: { timeout } })
      await worker.serve()
      await holdRequest(scene, worker)
      await scene.within(
        silence(worker, () => false),
        'the heartbeat to stop during a request that is longer than `timeout`',
      )
    },
  }),
  clause({
    id: 'WC-402',
    about: "`heartbeat` 'host'",
    sentence: 'A request longer than `timeout` does not stop the heartbeat',
    appliesTo: all(promises('heartbeat', 'host'), knows('hold')),
    async run(scene) {
      const worker = await scene.process({ settings: { timeout } })
      await worker.serve()
      await holdRequest(scene, worker)
      await keepsBeating(worker, scene.within.bind(scene))
    },
  }),
  clause({
    id: 'WC-403',
    sentence: 'An idle worker keeps notifying',
    async run(scene) {
      const worker = await scene.process({ settings: { timeout } })
      await worker.serve()
      await keepsBeating(worker, scene.within.bind(scene))
    },
  }),
]

async function keepsBeating(
  worker: WorkerProcess,
  waitFor: (promise: Promise<void>, what: string) => Promise<void>,
): Promise<void> {
  await waitFor(
    worker.beats(worker.heartbeats + enoughBeats),
    `${enoughBeats} heartbeats within two timeouts`,
  )
  assert.equal(worker.exit, undefined, 'the worker has ended')
}

/**
 * Resolves when no heartbeat has come for about a timeout, or when something else makes up for it. Counts its own looks
 * and not the clock: a test process that was not scheduled has not heard what was said meanwhile.
 */
async function silence(worker: WorkerProcess, isMadeUpFor: () => boolean): Promise<void> {
  let before = worker.heartbeats
  for (let looks = 0; looks < looksInSilence && !isMadeUpFor() && worker.exit === undefined; looks += 1) {
    await quietMoment(lookMs)
    if (worker.heartbeats > before) looks = -1
    before = worker.heartbeats
  }
}
