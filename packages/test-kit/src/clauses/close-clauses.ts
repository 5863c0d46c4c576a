/** 6xx: letting go. */
import assert from 'node:assert/strict'
import type { TestWorker } from '../rig/test-worker.js'
import { quietMoment } from '../rig/within.js'
import { type Clause, clause } from '../scene/clause.js'
import type { Scene } from '../scene/scene.js'
import { all, knows, runs, speaksHttp } from './applicability.js'
import { holdRequest } from './held-request.js'
import { isProcessOver } from './process-over.js'

export const closeClauses: readonly Clause[] = [
  clause({
    id: 'WC-601',
    look: '`Worker.close`: it ends whatever keeps the process, such as timers, servers, sockets, threads',
    sentence: 'After `close` the process exits by itself: no timer, thread or socket left',
    async run(scene) {
      await Promise.all([true, false].map(drains => liveAndEnd(scene, drains)))
    },
  }),
  clause({
    id: 'WC-602',
    look: '`Worker.close`: it is called in every state, once',
    sentence: '`close` works after a failed `boot`, after `drain`, and without `drain`',
    async run(scene) {
      const failed = await scene.worker({ app: 'broken' })
      await scene.within(
        failed.boot().catch(() => {}),
        '`boot` to settle',
      )
      await close(scene, failed, 'after a failed `boot`')

      const standby = await scene.worker()
      await scene.within(standby.boot(), 'the worker to boot')
      await close(scene, standby, 'of a worker that never served')

      const drained = await scene.serving()
      await scene.within(drained.drain().done, '`drain` of an idle worker to resolve')
      await close(scene, drained, 'after `drain`')

      const undrained = await scene.serving()
      const client = await undrained.connect()
      await scene.within(client.request('echo'), 'an answer')
      await close(scene, undrained, 'without `drain`')
    },
  }),
  clause({
    id: 'WC-603',
    look: 'what the class puts in the place of the app: `wrapNodeApp` of `@tunicorn/http` keeps `close`, which `HttpService.close` calls',
    about: 'HTTP, app kind `node`',
    sentence: 'An app that is an `http.Server` hears `close` once, when its last request is done',
    appliesTo: all(speaksHttp, runs('node'), knows('hold')),
    async run(scene) {
      const worker = await scene.serving({ kind: 'node' })
      const { stage } = worker
      const { answer, client } = await holdRequest(scene, worker)
      const drain = worker.drain()
      await quietMoment()
      assert.equal(stage.count('close'), 0, 'how often `close` was heard with a request in flight')
      stage.cue('hold')
      // Other clauses say how and when it ends.
      await scene.within(
        answer.catch(() => {}),
        'the request in flight to end',
      )
      client.leave()
      drain.cut()
      await scene.within(
        drain.done.catch(() => {}),
        '`drain` to settle',
      )
      await scene.within(worker.close(), '`close` to resolve')
      // There is one in every thread that has loaded the app.
      const apps = stage.instances.length
      await scene.within(stage.until('close', apps), `every app to hear \`close\`, of ${apps},`)
      await quietMoment()
      assert.equal(stage.count('close'), apps, 'how often `close` was heard')
    },
  }),
]

async function close(scene: Scene, worker: TestWorker, when: string): Promise<void> {
  await scene.within(worker.close(), `\`close\` ${when} to resolve`)
}

async function liveAndEnd(scene: Scene, drains: boolean): Promise<void> {
  const { child } = await scene.life({ serves: true, drains })
  const { address } = await scene.within(
    child.report(report => report.type === 'serving'),
    'the worker to serve',
  )
  const client = await scene.subject.driver.connect(address)
  try {
    await scene.within(client.request('echo'), 'an answer')
    child.proceed()
    await scene.within(
      child.report(report => report.type === 'closed'),
      '`close` to settle',
    )
    await isProcessOver(scene, child)
  } finally {
    client.leave()
  }
}
