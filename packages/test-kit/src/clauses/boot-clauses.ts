/** 2xx: from nothing to serving. */
import assert from 'node:assert/strict'
import { type Clause, clause } from '../scene/clause.js'
import { promises } from './applicability.js'
import { isProcessOver } from './process-over.js'

export const bootClauses: readonly Clause[] = [
  clause({
    id: 'WC-201',
    look: '`Worker.boot`, which accepts nothing, and `Worker.serve`, which resolves when the next connection would be served',
    sentence: 'After `boot` nothing is accepted; after `serve` the next connection is served',
    async run(scene) {
      const worker = await scene.worker({ listeners: ['unix'] })
      await scene.within(worker.boot(), 'the worker to boot')
      assert.equal(await worker.isAccepting(), false, 'a connection was accepted before `serve`')
      await scene.within(worker.serve(), 'the worker to serve')
      // Not through `worker.connect`, which tries again: this has to be the very next connection.
      const client = await worker.open(() => scene.subject.driver.connect(worker.listener.address))
      await scene.within(client.request('echo'), 'an answer')
    },
  }),
  clause({
    id: 'WC-202',
    look: '`Worker.boot`, which rejects when `WorkerContext.app.load` does, and `Worker.close`, which is called after it',
    sentence: '`boot` rejects when the app fails to load, and `close` then leaves nothing alive',
    async run(scene) {
      const { child } = await scene.life({ serves: false, drains: false }, { app: 'broken' })
      const { failed } = await scene.within(
        child.report(report => report.type === 'closed'),
        '`close` to resolve',
      )
      assert.deepEqual(failed, ['boot'], 'the methods that rejected')
      await isProcessOver(scene, child)
    },
  }),
  clause({
    id: 'WC-203',
    look: '`Worker.serve`, and every one of `WorkerContext.listeners`',
    sentence: '`serve` accepts on every listener, TCP and Unix alike',
    async run(scene) {
      const worker = await scene.serving({ listeners: ['tcp', 'unix', 'tcp'] })
      for (const [index, listener] of worker.listeners.entries()) {
        const what = `an answer on listener ${index} of ${worker.listeners.length}`
        const client = await worker.connect(listener)
        await scene.within(client.request('echo'), what)
        client.leave()
      }
    },
  }),
  clause({
    id: 'WC-204',
    look: '`WorkerContext.app.load`, which refuses a kind that is not in `capabilities.appKinds`',
    sentence: 'An app of a kind not in `appKinds` is refused before it is loaded',
    async run(scene) {
      const worker = await scene.worker({ namedKind: 'no-such-kind' })
      await assert.rejects(
        scene.within(worker.boot(), 'a refusal'),
        'an app of the kind `no-such-kind` was not refused',
      )
      await scene.within(worker.close(), '`close` to resolve')
      assert.deepEqual(worker.stage.loaded, [], 'where the app was loaded, as process:thread')
    },
  }),
  clause({
    id: 'WC-205',
    look: '`capabilities.needsListener`, and `Worker.serve` when `WorkerContext.listeners` is empty',
    about: '`needsListener` false',
    sentence: 'Without a listener it boots, serves, drains and closes',
    appliesTo: promises('needsListener', false),
    async run(scene) {
      const worker = await scene.serving({ listeners: [] })
      await scene.within(worker.drain().done, '`drain` to resolve')
      await scene.within(worker.close(), '`close` to resolve')
    },
  }),
]
