/** 304 to 306: what a worker says about its requests, and how many it has at a time. */
import assert from 'node:assert/strict'
import type { RequestOutcome } from '@tunicorn/arbiter/worker'
import type { TestWorker } from '../rig/test-worker.js'
import { quietMoment } from '../rig/within.js'
import { type Clause, clause } from '../scene/clause.js'
import type { Scene } from '../scene/scene.js'
import { all, knows, promises } from './applicability.js'
import { holdRequest } from './held-request.js'

const several = 3
const overlapMs = 300

export const requestClauses: readonly Clause[] = [
  clause({
    id: 'WC-304',
    look: 'the function that `WorkerContext.beginRequest` returned, called when the connection closes. A server with `allowHalfOpen` hears `end` before that, and has to end its own side',
    sentence: 'A client that leaves is reported as `aborted`, and its work is released',
    appliesTo: knows('leave'),
    async run(scene) {
      for (const kind of scene.kinds) {
        const worker = await scene.serving({ kind })
        const client = await worker.connect()
        client.request('leave').catch(() => {})
        await scene.within(worker.stage.until('leave'), 'the app to get the request')
        client.leave()
        const outcome = await scene.within(worker.recorder.outcome(0), 'the request to be reported')
        assert.equal(outcome.type, 'aborted')
        await scene.within(worker.stage.until('left'), 'the app to learn that the client has left')
      }
    },
  }),
  clause({
    id: 'WC-305',
    look: 'the function that `WorkerContext.beginRequest` returned: once for each request, also for one that `Worker.close` cuts',
    sentence: 'Every request begins once and ends once with the true outcome, also when cut',
    appliesTo: knows('hold'),
    async run(scene) {
      const worker = await scene.serving()
      const expected: RequestOutcome['type'][] = ['sent']
      await ask(scene, worker)
      if (knows('throw')(scene.subject)) {
        await fail(scene, worker)
        expected.push('failed')
      }
      const held = await holdRequest(scene, worker)
      expected.push('aborted')
      // Another clause checks whether it resolves.
      await scene.within(
        worker.close().catch(() => {}),
        '`close` to settle',
      )
      await scene.within(held.client.closed, 'the connection to be cut')
      await scene.within(worker.recorder.outcome(expected.length - 1), 'the cut request to be reported')
      assert.deepEqual(
        worker.recorder.requests.map(({ outcomes }) => outcomes.map(({ type }) => type)),
        expected.map(type => [type]),
        'the outcomes that were reported of every request',
      )
    },
  }),
  clause({
    id: 'WC-306',
    look: '`capabilities.concurrency`: `single` is one request at a time in a worker, also on several connections',
    about: "`concurrency` 'single'",
    sentence: 'Several clients at once never overlap, and all are served',
    appliesTo: all(promises('concurrency', 'single'), knows('hold')),
    async run(scene) {
      const worker = await scene.process()
      await worker.serve()
      const clients = await Promise.all(Array.from({ length: several }, () => worker.connect()))
      const answers = clients.map(client => client.request('hold'))
      for (const answer of answers) answer.catch(() => {})
      await scene.within(worker.stage.until('hold'), 'the app to get a request')
      await quietMoment(overlapMs)
      assert.equal(worker.stage.count('hold'), 1, 'requests that the app has at the same time')
      worker.stage.cue('hold')
      await scene.within(Promise.all(answers), 'every client to be served')
    },
  }),
  clause({
    id: 'WC-306',
    look: '`capabilities.concurrency`: `multiple` is several requests at a time',
    about: "`concurrency` 'multiple'",
    sentence: 'Several clients at once overlap',
    appliesTo: all(promises('concurrency', 'multiple'), knows('hold')),
    async run(scene) {
      const worker = await scene.serving()
      const clients = await Promise.all(Array.from({ length: several }, () => worker.connect()))
      const answers = clients.map(client => client.request('hold'))
      for (const answer of answers) answer.catch(() => {})
      await scene.within(
        worker.stage.until('hold', several),
        `the app to have ${several} requests at the same time`,
      )
      worker.stage.cue('hold')
      await scene.within(Promise.all(answers), 'every client to be served')
    },
  }),
]

async function ask(scene: Scene, worker: TestWorker): Promise<void> {
  const client = await worker.connect()
  await scene.within(client.request('echo'), 'an answer')
  await scene.within(worker.recorder.outcome(0), 'the request to be reported')
  client.leave()
}

async function fail(scene: Scene, worker: TestWorker): Promise<void> {
  const client = await worker.connect()
  await scene.within(client.request('throw'), 'an answer that says that the app has failed')
  await scene.within(worker.recorder.outcome(1), 'the failed request to be reported')
  client.leave()
}
