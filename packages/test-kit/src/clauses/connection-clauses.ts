/** 308, 311 to 313: connections. */
import assert from 'node:assert/strict'
import { HttpClient } from '../driver/http-client.js'
import { quietMoment } from '../rig/within.js'
import { type Clause, clause } from '../scene/clause.js'
import { all, knows, promises, speaksHttp } from './applicability.js'
import { holdRequest } from './held-request.js'

/** How many of three connections are shed. */
const tooMany = 2

export const connectionClauses: readonly Clause[] = [
  clause({
    id: 'WC-308',
    look: '`capabilities.keepAlive`: a connection stays open behind a response',
    about: '`keepAlive` true',
    sentence: 'Several requests are served on one connection',
    appliesTo: promises('keepAlive', true),
    async run(scene) {
      const worker = await scene.serving()
      const client = await worker.connect()
      for (const which of ['first', 'second', 'third']) {
        const { isLast } = await scene.within(client.request('echo'), `an answer to the ${which} request`)
        assert.notEqual(isLast, true, `the server closes the connection after the ${which} answer`)
      }
    },
  }),
  clause({
    id: 'WC-308',
    look: '`capabilities.keepAlive`: without it, a connection is closed behind its first response',
    about: '`keepAlive` false',
    sentence: 'The answer says `connection: close`, where the protocol can, and the connection is closed',
    isRefusal: true,
    appliesTo: promises('keepAlive', false),
    async run(scene) {
      const worker = await scene.serving()
      const client = await worker.connect()
      const { isLast } = await scene.within(client.request('echo'), 'an answer')
      assert.notEqual(isLast, false, 'the answer does not say that it is the last')
      await scene.within(client.closed, 'the server to close the connection')
    },
  }),
  clause({
    id: 'WC-311',
    look: '`headersTimeout` in `WorkerContext.settings`',
    about: 'HTTP',
    sentence: 'A client that never finishes its request head is cut by the header timeout',
    appliesTo: speaksHttp,
    async run(scene) {
      const worker = await scene.serving({ settings: { headersTimeout: 1 } })
      const client = await worker.open(() => HttpClient.connect(worker.listener.address))
      client.send('GET /echo HTTP/1.1\r\nHost: loc')
      await scene.within(client.closed, 'the connection to be cut, with a `headersTimeout` of 1 s,')
    },
  }),
  clause({
    id: 'WC-312',
    look: '`Listener.pause` and `Listener.resume`: the server may emit `close` and `listening`, and neither is the end of the worker',
    sentence: '`pause` stops new connections at once and keeps the established ones; `resume` accepts again',
    appliesTo: knows('hold'),
    async run(scene) {
      const worker = await scene.serving()
      const { listener, stage } = worker
      listener.pause()
      assert.equal(await worker.isAccepting(), false, 'a paused listener accepts')
      await listener.resume()

      const { answer, client } = await holdRequest(scene, worker)
      listener.pause()
      stage.cue('hold')
      await scene.within(answer, 'an answer on a connection from before the pause')
      client.leave()

      await listener.resume()
      const next = await worker.connect()
      await scene.within(next.request('echo'), 'an answer on a connection from after the pause')
    },
  }),
  clause({
    id: 'WC-313',
    look: '`Worker.shed`',
    about: '`keepAlive` true',
    sentence:
      '`shed` ends so many connections after their next response, and cuts none; without the method all stay',
    appliesTo: all(promises('keepAlive', true), knows('hold')),
    async run(scene) {
      const worker = await scene.serving({ settings: { gracefulTimeout: 30 } })
      const { answer, client } = await holdRequest(scene, worker)
      const clients = [client, await worker.connect(), await worker.connect()]
      for (const each of clients.slice(1)) await scene.within(each.request('echo'), 'an answer')
      let ended = 0
      for (const { closed } of clients)
        closed.then(() => {
          ended += 1
        })
      const expected = worker.canShed ? tooMany : 0
      worker.shed(tooMany)
      await quietMoment()
      assert.equal(ended, 0, 'connections that have ended although nothing was answered on them since `shed`')
      worker.stage.cue('hold')
      await scene.within(answer, 'the whole answer to the request in flight')
      for (const each of clients.slice(1)) await scene.within(each.request('echo'), 'an answer after `shed`')
      const left = clients.map(({ closed }) => closed)
      await scene.within(several(left, expected), `${expected} connections to end after \`shed(${tooMany})\``)
      await quietMoment()
      assert.equal(ended, expected, `connections that have ended after \`shed(${tooMany})\` and an answer`)
    },
  }),
]

/** Resolves when `count` of the promises have. */
async function several(promises: readonly Promise<void>[], count: number): Promise<void> {
  const left = new Set(promises)
  while (promises.length - left.size < count)
    await Promise.race([...left].map(promise => promise.then(() => left.delete(promise))))
}
