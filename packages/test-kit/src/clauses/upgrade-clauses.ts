/** 309 and 314: WebSockets. */
import assert from 'node:assert/strict'
import { HttpClient } from '../driver/http-client.js'
import { valuesOf } from '../driver/http-response.js'
import { acceptKey, maskedTextFrame, parseFrame } from '../fixtures/websocket-echo.js'
import { quietMoment } from '../rig/within.js'
import { type Clause, clause } from '../scene/clause.js'
import { all, promises, runs, speaksHttp } from './applicability.js'

const key = 'dGhlIHNhbXBsZSBub25jZQ=='
const handshake = [
  'GET /upgrade HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${key}`,
  '\r\n',
].join('\r\n')

export const upgradeClauses: readonly Clause[] = [
  clause({
    id: 'WC-309',
    look: '`capabilities.upgrade`, and in `Worker.drain` the sockets that the app has taken over',
    about: 'HTTP, `upgrade` true',
    sentence: 'A WebSocket echo works and takes part in drain',
    appliesTo: all(speaksHttp, promises('upgrade', true)),
    async run(scene) {
      // An app of the kind `fetch` has no way to take a WebSocket.
      for (const kind of scene.kinds.filter(each => each !== 'fetch')) {
        const worker = await scene.serving({ kind })
        const client = await worker.open(() => HttpClient.connect(worker.listener.address))
        client.send(handshake)
        const response = await scene.within(client.response(), 'an answer to the handshake')
        assert.equal(response.status, 101)
        assert.deepEqual(valuesOf(response, 'sec-websocket-accept'), [acceptKey(key)])
        client.send(maskedTextFrame('hello'))
        await scene.within(
          client.until(received => parseFrame(received)?.text === 'hello'),
          'the message back',
        )
        assert.equal(parseFrame(client.received)?.text, 'hello', 'what came back before the connection ended')
        const drain = worker.drain()
        await quietMoment()
        assert.ok(
          !drain.isOver || client.end !== 'open',
          '`drain` has resolved with a WebSocket that is still open',
        )
        client.leave()
        drain.cut()
        await scene.within(drain.done, '`drain` to resolve once the WebSocket is closed')
      }
    },
  }),
  clause({
    id: 'WC-309',
    look: '`capabilities.upgrade`: without it, a handshake is answered with 501',
    about: 'HTTP, `upgrade` false',
    sentence: 'A WebSocket handshake is answered with 501, and the connection is closed',
    isRefusal: true,
    appliesTo: all(speaksHttp, promises('upgrade', false)),
    async run(scene) {
      for (const kind of scene.kinds) {
        const worker = await scene.serving({ kind })
        const client = await worker.open(() => HttpClient.connect(worker.listener.address))
        client.send(handshake)
        const { status } = await scene.within(client.response(), 'an answer to the handshake')
        assert.equal(status, 501)
        await scene.within(client.closed, 'the connection to be closed')
      }
    },
  }),
  clause({
    id: 'WC-314',
    look: 'what the class puts in the place of the app: `wrapNodeApp` of `@tunicorn/http` keeps `upgrade` and `watchUpgrade`',
    about: 'HTTP, `upgrade` true, app kind `node`',
    sentence: 'An `upgrade` listener that the app adds or removes while it serves counts from then on',
    appliesTo: all(speaksHttp, promises('upgrade', true), runs('node')),
    async run(scene) {
      const worker = await scene.serving({ kind: 'node' })
      for (const [target, expected] of [
        ['/deaf', 501],
        ['/hearing', 101],
      ] as const) {
        const telling = await worker.open(() => HttpClient.connect(worker.listener.address))
        telling.get(target)
        await scene.within(telling.response(), `an answer to ${target}`)
        telling.leave()
        const client = await worker.open(() => HttpClient.connect(worker.listener.address))
        client.send(handshake)
        const { status } = await scene.within(client.response(), 'an answer to the handshake')
        assert.equal(status, expected, `the status of a handshake after ${target}`)
        client.leave()
      }
    },
  }),
]
