/** 307 and 310: how a response leaves the worker, over HTTP. */
import assert from 'node:assert/strict'
import { connectTo } from '../driver/connect-to.js'
import { HttpClient } from '../driver/http-client.js'
import { valuesOf } from '../driver/http-response.js'
import { bigChunkBytes, bigChunks } from '../fixtures/perform.js'
import { quietMoment } from '../rig/within.js'
import { type Clause, clause } from '../scene/clause.js'
import type { Stage } from '../stage/stage.js'
import { all, promises, speaksHttp } from './applicability.js'

/** How many chunks of a big response may be on their way: more than the socket buffers of any system hold. */
const maxOnTheWay = Math.floor(bigChunks * 0.7)
const stallMs = 250

export const responseClauses: readonly Clause[] = [
  clause({
    id: 'WC-307',
    look: '`capabilities.streaming`: what the app writes is sent when it is written',
    about: 'HTTP, `streaming` true',
    sentence: 'The first byte comes before the app ends',
    appliesTo: all(speaksHttp, promises('streaming', true)),
    async run(scene) {
      for (const kind of scene.kinds) {
        const worker = await scene.serving({ kind })
        const client = await worker.open(() => HttpClient.connect(worker.listener.address))
        client.get('/stream')
        await scene.within(
          client.until(received => received.includes('first')),
          'the first part before the app ends',
        )
        worker.stage.cue('stream')
        const { body, isComplete } = await scene.within(client.response(), 'an answer')
        assert.deepEqual({ body: body.toString(), isComplete }, { body: 'firstlast', isComplete: true })
      }
    },
  }),
  clause({
    id: 'WC-307',
    look: '`capabilities.streaming`: without it, a response is sent when the app has ended it',
    about: 'HTTP, `streaming` false',
    sentence: 'One buffered response with a length',
    isRefusal: true,
    appliesTo: all(speaksHttp, promises('streaming', false)),
    async run(scene) {
      for (const kind of scene.kinds) {
        const worker = await scene.serving({ kind })
        const client = await worker.open(() => HttpClient.connect(worker.listener.address))
        client.get('/stream')
        await scene.within(worker.stage.until('stream'), 'the app to write')
        await quietMoment()
        assert.equal(client.received.toString(), '', 'what came before the app ended')
        worker.stage.cue('stream')
        const response = await scene.within(client.response(), 'an answer')
        assert.equal(response.body.toString(), 'firstlast')
        assert.deepEqual(valuesOf(response, 'content-length'), ['9'])
      }
    },
  }),
  clause({
    id: 'WC-310',
    look: "what `write` of the app's response returns, and when it emits `drain` or resolves",
    about: 'HTTP, `streaming` true',
    sentence: 'A response larger than the socket buffers respects back-pressure (bounded memory)',
    appliesTo: all(speaksHttp, promises('streaming', true)),
    async run(scene) {
      for (const kind of scene.kinds) {
        const worker = await scene.serving({ kind })
        const socket = await connectTo(worker.listener.address)
        try {
          socket.on('error', () => {})
          socket.write('GET /big HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
          await scene.within(worker.stage.until('wrote'), 'the app to write')
          const written = await scene.within(stalledAt(worker.stage), 'the app to wait or to end')
          assert.ok(
            written <= maxOnTheWay,
            `the app wrote ${written} of ${bigChunks} MiB although the client does not read`,
          )
          let received = 0
          socket.on('data', chunk => {
            received += chunk.length
          })
          await scene.within(new Promise(resolve => socket.once('close', resolve)), 'the whole response')
          assert.ok(received >= bigChunks * bigChunkBytes, `only ${received} bytes of the response came`)
        } finally {
          socket.destroy()
        }
      }
    },
  }),
]

/** Resolves with the number of chunks that were written, once it no longer grows. */
async function stalledAt(stage: Stage): Promise<number> {
  for (let before = -1; ; ) {
    const now = stage.count('wrote')
    if (now === before) return now
    before = now
    await quietMoment(stallMs)
  }
}
