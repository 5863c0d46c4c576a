/** 5xx: the end of serving. */
import assert from 'node:assert/strict'
import { quietMoment } from '../rig/within.js'
import { type Clause, clause } from '../scene/clause.js'
import { knows, promises } from './applicability.js'
import { holdRequest } from './held-request.js'

/** Long enough that a linger derived from it is not over before the client has sent its request. */
const settings = { gracefulTimeout: 30 }

export const drainClauses: readonly Clause[] = [
  clause({
    id: 'WC-501',
    look: '`Worker.drain`: its first step is `Listener.pause` of every listener',
    sentence: 'After `drain` is called no new connection is accepted',
    appliesTo: knows('hold'),
    async run(scene) {
      const worker = await scene.serving({ listeners: ['tcp', 'unix'] })
      await holdRequest(scene, worker)
      worker.drain()
      for (const listener of worker.listeners)
        assert.equal(await worker.isAccepting(listener), false, 'a connection was accepted after `drain`')
    },
  }),
  clause({
    id: 'WC-502',
    look: '`Worker.drain`: it leaves connections alone that have a request in flight',
    sentence: 'Requests in flight complete with their whole response',
    appliesTo: knows('hold'),
    async run(scene) {
      const worker = await scene.serving({ settings })
      const { answer } = await holdRequest(scene, worker)
      worker.drain()
      worker.stage.cue('hold')
      await scene.within(answer, 'the whole answer to the request in flight')
    },
  }),
  clause({
    id: 'WC-503',
    look: '`Worker.drain`: a connection between two requests is kept for a second, or a quarter of `settings.gracefulTimeout` if that is shorter, so that a request on its way is answered. `server.close()` of `node:http` resets it at once',
    about: '`keepAlive` true',
    sentence:
      'A request that arrives on an open keep-alive connection while draining is answered, with `connection: close` where the protocol can; no idle connection is reset under a client that is using it',
    appliesTo: promises('keepAlive', true),
    async run(scene) {
      const worker = await scene.serving({ settings })
      const client = await worker.connect()
      await scene.within(client.request('echo'), 'an answer before the drain')
      worker.drain()
      const { isLast } = await scene.within(client.request('echo'), 'an answer during the drain')
      assert.notEqual(isLast, false, 'the answer does not say that it is the last')
    },
  }),
  clause({
    id: 'WC-504',
    look: '`Worker.drain`: it is over when the last request is, and connections between two requests have had a second, or a quarter of `settings.gracefulTimeout` if that is shorter',
    sentence: '`drain` resolves when idle, not before and not a tick later than needed',
    appliesTo: knows('hold'),
    async run(scene) {
      const worker = await scene.serving()
      const { answer, client } = await holdRequest(scene, worker)
      const drain = worker.drain()
      await quietMoment()
      assert.equal(drain.isOver, false, '`drain` has resolved with a request in flight')
      worker.stage.cue('hold')
      // Another clause checks whether it is whole.
      await scene.within(
        answer.catch(() => {}),
        'the request in flight to end',
      )
      client.leave()
      await scene.within(drain.done, '`drain` to resolve when nothing is left, long before the deadline,')
    },
  }),
  clause({
    id: 'WC-505',
    look: 'the argument of `Worker.drain`: when it aborts, the connections that are left are destroyed',
    sentence: 'At `deadline` the remaining connections are cut and `drain` resolves',
    appliesTo: knows('hold'),
    async run(scene) {
      const worker = await scene.serving()
      const { client } = await holdRequest(scene, worker)
      const drain = worker.drain()
      drain.cut()
      await scene.within(drain.done, '`drain` to resolve at the deadline')
      await scene.within(client.closed, 'the connection to be cut')
    },
  }),
]
