/** 4xx: the proof that a worker is alive. In real processes, under the real host. */
import assert from 'node:assert/strict'
import { gaugeProblems } from '@tunicorn/arbiter/testing'
import type { WorkerStats } from '@tunicorn/arbiter/worker'
import { quietMoment } from '../rig/within.js'
import type { WorkerProcess } from '../rig/worker-process.js'
import { type Clause, clause } from '../scene/clause.js'
import { all, knows, promises } from './applicability.js'
import { holdRequest } from './held-request.js'

/** Seconds. The host beats every quarter of this time. */
const timeout = 1
/** Seconds, for clauses that have to tell a silence of this length from a late heartbeat. */
const silentTimeout = 2
/** As many as come within two timeouts. */
const enoughBeats = 8
const lookMs = 50
/** Less than a timeout: a heartbeat on its way when the silence began, and one at its end, make it seem shorter. */
const silenceMs = silentTimeout * 600

export const heartbeatClauses: readonly Clause[] = [
  clause({
    id: 'WC-401',
    look: "`capabilities.heartbeat`: `host` when the app blocks the loop of the host, and a time limit of the class's own when it does not",
    sentence: 'A blocked event loop stops the heartbeat within one `timeout`',
    appliesTo: knows('block'),
    async run(scene) {
      const worker = await scene.process({ settings: { timeout: silentTimeout } })
      await worker.serve()
      const client = await worker.connect()
      let isOver = false
      const end = (): void => {
        isOver = true
      }
      client.request('block').then(end, end)
      await scene.within(worker.stage.until('block'), 'the app to block')
      // A class whose apps do not run on the event loop of its heartbeat has to end such a request itself.
      await scene.within(
        silence(worker, () => isOver),
        'the heartbeat to stop, or the class to end the request, when an app blocks forever',
      )
    },
  }),
  clause({
    id: 'WC-402',
    look: '`WorkerContext.notify`, which is not called while a request is in flight',
    about: "`heartbeat` 'worker'",
    sentence: 'A request longer than `timeout` stops the heartbeat',
    appliesTo: all(promises('heartbeat', 'worker'), knows('hold')),
    async run(scene) {
      const worker = await scene.process({ settings: { timeout: silentTimeout } })
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
    look: 'what blocks the event loop of the worker while the app waits',
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
    look: "`WorkerContext.notify()`, to be called at least four times within `settings.timeout` with `heartbeat: 'worker'`; with `host`, what blocks the event loop",
    sentence: 'An idle worker keeps notifying',
    async run(scene) {
      const worker = await scene.process({ settings: { timeout } })
      await worker.serve()
      await keepsBeating(worker, scene.within.bind(scene))
    },
  }),
  clause({
    id: 'WC-404',
    look: '`Worker.stats`',
    sentence:
      '`stats` gives figures: a count of connections, a load of 0 or more, and up to 32 gauges with camelCase names and finite values',
    async run(scene) {
      const worker = await scene.worker()
      await scene.within(worker.boot(), 'the worker to boot')
      areFigures(worker.stats())
      await scene.within(worker.serve(), 'the worker to serve')
      areFigures(worker.stats())
      const client = await worker.connect()
      areFigures(worker.stats())
      await scene.within(client.request('echo'), 'an answer')
      areFigures(worker.stats())
      await scene.within(worker.drain().done, '`drain` to resolve')
      areFigures(worker.stats())
    },
  }),
]

function areFigures({ connections = 0, load = 0, gauges = {} }: WorkerStats): void {
  assert.ok(
    Number.isSafeInteger(connections) && connections >= 0,
    `${connections} is no count of connections`,
  )
  assert.ok(Number.isFinite(load) && load >= 0, `${load} is no load`)
  assert.deepEqual(gaugeProblems(gauges), [], 'the gauges cannot be shown')
}

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
 * Resolves when no heartbeat has come for most of a timeout, or when something else makes up for it. A late look counts
 * little: a test process that was not scheduled has not heard the heartbeats of that time.
 */
async function silence(worker: WorkerProcess, isMadeUpFor: () => boolean): Promise<void> {
  let heard = worker.heartbeats
  let silentMs = 0
  while (silentMs < silenceMs && !isMadeUpFor() && worker.exit === undefined) {
    const lookedAt = performance.now()
    await quietMoment(lookMs)
    silentMs = worker.heartbeats > heard ? 0 : silentMs + Math.min(performance.now() - lookedAt, 2 * lookMs)
    heard = worker.heartbeats
  }
}
