import { once } from 'node:events'
import type { WebSocketCloseEvent, WebSocketSendEvent } from '@tunicorn/worker-asgi'
import { expect, test } from 'vitest'
import { disconnectedError, protocolError } from '../support/probe.js'
import { startScene } from '../support/scene.js'
import { accept, answering, noting, textEvent, ws } from '../support/ws-apps.js'
import { closePayload, connect, connectRaw, frame } from '../support/ws-client.js'

const codes: readonly (readonly [Omit<WebSocketCloseEvent, 'type'>, number])[] = [
  [{}, 1000],
  [{ code: 1000 }, 1000],
  [{ code: 1001 }, 1001],
]
const reasons: readonly (readonly [Omit<WebSocketCloseEvent, 'type'>, string])[] = [
  [{ reason: null }, ''],
  [{ reason: 'test' }, 'test'],
  [{}, ''],
]
const matrix = codes.flatMap(([code, seenCode]) =>
  reasons.map(([reason, seenReason]) => [{ ...code, ...reason }, seenCode, seenReason] as const),
)
test.each(matrix)('given a close with %j, expect %i "%s" at the client', async (fields, code, reason) => {
  const scene = await startScene(() =>
    ws(async (_scope, receive, send) => {
      await receive()
      await send(accept)
      await receive()
      await send({ type: 'websocket.close', ...fields })
    }),
  )
  const { socket, closed } = await connect(scene)
  socket.send('abc')
  expect(await closed).toEqual({ code, reason })
})

test.each([1004, 1005, 1006, 1015, 2999, 5000, 'x'])(
  'given the close code %s, expect a rejection',
  async code => {
    const scene = await startScene(probe =>
      ws(async (_scope, receive, send) => {
        await receive()
        await send(accept)
        await probe.noteOutcome(send({ type: 'websocket.close', code: code as number }))
      }),
    )
    const { closed } = await connect(scene)
    expect(await scene.probe.noted()).toEqual([protocolError])
    expect((await closed).code).toBe(1000)
  },
)

test('given a reason of 200 bytes, expect at most 123, cut between characters', async () => {
  const scene = await startScene(answering(accept, { type: 'websocket.close', reason: '\u20ac'.repeat(67) }))
  expect(await (await connect(scene)).closed).toEqual({ code: 1000, reason: '\u20ac'.repeat(41) })
})

test('given an app that returns, expect 1000', async () => {
  const scene = await startScene(() => ws(async (_scope, _receive, send) => send(accept)))
  expect(await (await connect(scene)).closed).toEqual({ code: 1000, reason: '' })
})

test('given an app that throws, expect 1011, and the error in the log', async () => {
  const scene = await startScene(() =>
    ws(async (_scope, _receive, send) => {
      await send(accept)
      throw new Error('broken')
    }),
  )
  expect((await (await connect(scene)).closed).code).toBe(1011)
  await scene.probe.logged(/broken/)
})

test('given an app that returns 123, expect 1006, and the log to say so', async () => {
  const scene = await startScene(() =>
    ws((async (_scope: unknown, _receive: unknown, send: (event: WebSocketSendEvent) => Promise<void>) => {
      await send(accept)
      return 123
    }) as never),
  )
  expect((await (await connect(scene)).closed).code).toBe(1006)
  await scene.probe.logged(/should return nothing, but returned '123'/)
})

test.each([
  accept,
  { type: 'websocket.http.response.start', status: 200 },
  { type: 'websocket.http.response.body' },
])('given an open WebSocket and %j, expect a rejection and 1006', async event => {
  const scene = await startScene(probe =>
    ws(async (_scope, receive, send) => {
      await receive()
      await send(accept)
      await receive()
      await probe.noteOutcome(send(event as WebSocketSendEvent))
    }),
  )
  const { socket, closed } = await connect(scene)
  socket.send('go')
  expect((await closed).code).toBe(1006)
  expect(await scene.probe.noted()).toEqual([protocolError])
})

test('given a close frame without a code, expect 1005', async () => {
  const scene = await startScene(noting())
  const client = await connectRaw(scene)
  client.send(frame({ head: 0x88 }))
  expect(await scene.probe.noted()).toEqual([{ type: 'websocket.disconnect', code: 1005, reason: '' }])
})

test('given a close of the client, expect its code and reason', async () => {
  const scene = await startScene(noting())
  const { socket } = await connect(scene)
  socket.close(3001, 'bye')
  expect(await scene.probe.noted()).toEqual([{ type: 'websocket.disconnect', code: 3001, reason: 'bye' }])
})

test('given a lost connection, expect 1006', async () => {
  const scene = await startScene(noting())
  const { socket } = await connect(scene)
  socket.terminate()
  expect(await scene.probe.noted()).toEqual([{ type: 'websocket.disconnect', code: 1006, reason: '' }])
  scene.probe.expectNoErrors()
})

test('given a lost connection and an app that only sends, expect `send` to reject, without an error in the log', async () => {
  const scene = await startScene(probe =>
    ws(async (scope, _receive, send) => {
      await send(accept)
      await new Promise(resolve => scope.extensions.server?.signal.addEventListener('abort', resolve))
      await probe.noteOutcome(send(textEvent('late')))
      await probe.noteOutcome(send({ type: 'websocket.close' }))
      await send(textEvent('late'))
    }),
  )
  const { socket } = await connect(scene)
  socket.terminate()
  expect(await scene.probe.noted(2)).toEqual([disconnectedError, 'resolved'])
  scene.probe.expectNoErrors()
})

test('given an open WebSocket, when the server stops, expect 1012 at the client and in the app', async () => {
  const scene = await startScene(noting())
  const { closed } = await connect(scene)
  await scene.server.close()
  expect(await closed).toEqual({ code: 1012, reason: '' })
  expect(await scene.probe.noted()).toEqual([{ type: 'websocket.disconnect', code: 1012, reason: '' }])
  scene.probe.expectNoErrors()
})

test('given messages that wait, when the server stops, expect the app to get them before the end', async () => {
  const scene = await startScene(probe =>
    ws(async (scope, receive, send) => {
      await receive()
      await send(accept)
      await new Promise(resolve => scope.extensions.server?.draining.addEventListener('abort', resolve))
      // Nothing tells when the server has dealt with the socket; had it thrown the message away, it would be gone by now.
      await new Promise(resolve => setTimeout(resolve, 20))
      probe.note(await receive())
      probe.note(await receive())
      await probe.noteOutcome(send({ type: 'websocket.close' }))
    }),
  )
  const { socket } = await connect(scene)
  socket.send('waiting')
  // The pong comes after the message was read.
  socket.ping()
  await once(socket, 'pong')
  await scene.server.close()
  expect(await scene.probe.noted(3)).toEqual([
    { type: 'websocket.receive', text: 'waiting' },
    { type: 'websocket.disconnect', code: 1012, reason: '' },
    'resolved',
  ])
})

test('given a pong after the close handshake, expect nothing of it', async () => {
  const scene = await startScene(noting())
  const client = await connectRaw(scene)
  client.send(frame({ head: 0x88, payload: closePayload(1000) }) + frame({ head: 0x8a }))
  await client.beginning('\x88\x02\x03\xe8')
  expect(await scene.probe.noted()).toEqual([{ type: 'websocket.disconnect', code: 1000, reason: '' }])
  scene.probe.expectNoErrors()
})
