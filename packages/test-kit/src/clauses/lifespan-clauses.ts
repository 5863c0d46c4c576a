/** 801: start-up and shutdown of the app. */
import assert from 'node:assert/strict'
import { type Clause, clause } from '../scene/clause.js'
import { all, knows, promises } from './applicability.js'
import { holdRequest } from './held-request.js'

export const lifespanClauses: readonly Clause[] = [
  clause({
    id: 'WC-801',
    look: '`capabilities.lifespan`: `Worker.boot` starts the app up, and `Worker.drain` or `Worker.close` shuts it down',
    about: '`lifespan` true',
    sentence:
      'Start-up precedes the first request, shutdown follows the last, a failed start-up fails `boot`',
    appliesTo: all(promises('lifespan', true), knows('hold')),
    async run(scene) {
      const worker = await scene.serving()
      const { answer, client } = await holdRequest(scene, worker)
      const drain = worker.drain()
      worker.stage.cue('hold')
      await scene.within(answer, 'an answer')
      client.leave()
      await scene.within(drain.done, '`drain` to resolve')
      await scene.within(worker.close(), '`close` to resolve')
      await scene.within(worker.stage.until('shutdown'), 'the shutdown of the app')
      assert.deepEqual(worker.stage.events, ['startup', 'hold', 'shutdown'])

      const failing = await scene.worker({ app: 'fails to start' })
      await assert.rejects(
        scene.within(failing.boot(), '`boot` to settle'),
        '`boot` has resolved although the app has failed to start',
      )
    },
  }),
]
