import { RawClient } from '@tunicorn/harness/vitest'
import { expect, test } from 'vitest'
import { disconnectedError, protocolError } from '../support/probe.js'
import { startScene } from '../support/scene.js'
import { accept, answering, echo, noting, textEvent, ws } from '../support/ws-apps.js'
import { closePayload, connect, connectRaw, frame, handshake } from '../support/ws-client.js'

test('given text and bytes of the app, expect text and binary frames', async () => {
  const scene = await startScene(
    answering(accept, textEvent('text \u20ac'), { type: 'websocket.send', bytes: new Uint8Array([1, 2]) }),
  )
  const client = await connect(scene)
  expect(await client.received(2)).toEqual(['text \u20ac', Buffer.from([1, 2])])
})

test('given text and bytes of the client, expect exactly one key each', async () => {
  const scene = await startScene(noting())
  const { socket } = await connect(scene)
  socket.send('text')
  socket.send(Buffer.from([1, 2]))
  const [text, bytes] = await scene.probe.noted(2)
  expect(text).toStrictEqual({ type: 'websocket.receive', text: 'text' })
  expect(bytes).toStrictEqual({ type: 'websocket.receive', bytes: Buffer.from([1, 2]) })
})

test('an echo in both directions, compressed when both sides want it', async () => {
  const scene = await startScene(echo, { wsPerMessageDeflate: true })
  const client = await connect(scene)
  expect(client.socket.extensions).toContain('permessage-deflate')
  client.socket.send('x'.repeat(100_000))
  expect(await client.received(1)).toEqual(['x'.repeat(100_000)])
  const plain = await startScene(echo)
  expect((await connect(plain)).socket.extensions).toBe('')
})

test('given an app that sends after it closed, expect a rejection, and the close frame at the client', async () => {
  const scene = await startScene(
    answering(accept, textEvent('first'), { type: 'websocket.close', code: 1001 }, textEvent('late')),
  )
  const client = await connect(scene)
  expect(await client.closed).toEqual({ code: 1001, reason: '' })
  expect(client.messages).toEqual(['first'])
  await scene.probe.logged(/no event after `websocket\.close`/)
})

test('given messages that are neither text nor bytes, or both, expect rejections', async () => {
  const scene = await startScene(probe =>
    ws(async (_scope, receive, send) => {
      await receive()
      await send(accept)
      for (const content of [{}, { text: 1 }, { text: 'a', bytes: Buffer.from('a') }, { bytes: 'a' }])
        await probe.noteOutcome(send({ type: 'websocket.send', ...content } as never))
      await probe.noteOutcome(send({ type: 'nonsense' } as never))
      await send(textEvent('still open'))
    }),
  )
  const client = await connect(scene)
  expect(await client.received(1)).toEqual(['still open'])
  expect(scene.probe.notes).toEqual(Array(5).fill(protocolError))
})

test('given a message of the allowed size it is delivered; one byte more closes with 1009', async () => {
  const scene = await startScene(noting(), { wsMaxSize: 100_000 })
  const { socket, closed } = await connect(scene)
  socket.send(Buffer.alloc(100_000))
  expect(await scene.probe.noted()).toEqual([{ type: 'websocket.receive', bytes: Buffer.alloc(100_000) }])
  socket.send(Buffer.alloc(100_001))
  expect((await closed).code).toBe(1009)
})

test('given fragments whose sum is too large, expect 1009', async () => {
  const scene = await startScene(noting(), { wsMaxSize: 100 })
  const { socket, closed } = await connect(scene)
  socket.send('x'.repeat(60), { fin: false })
  socket.send('x'.repeat(60), { fin: true })
  expect((await closed).code).toBe(1009)
})

test.each([
  ['a frame without a mask', frame({ head: 0x81, payload: 'x', isMasked: false })],
  ['a reserved bit', frame({ head: 0xc1, payload: 'x' })],
])('given %s, expect 1002', async (_what, bytes) => {
  const scene = await startScene(noting())
  const client = await connectRaw(scene)
  client.send(bytes)
  await client.beginning('\x88\x02\x03\xea')
})

test('given a ping between fragments, expect a pong and the whole message', async () => {
  const scene = await startScene(noting())
  const client = await connectRaw(scene)
  client.send(
    frame({ head: 0x01, payload: 'one ' }) +
      frame({ head: 0x89, payload: 'p' }) +
      frame({ head: 0x80, payload: 'two' }),
  )
  await client.beginning('\x8a\x01p')
  expect(await scene.probe.noted()).toEqual([{ type: 'websocket.receive', text: 'one two' }])
})

test('given three messages and a close while the app sleeps, expect all of them, then the disconnect, again and again', async () => {
  const scene = await startScene(probe =>
    ws(async (_scope, receive, send) => {
      await receive()
      await send(accept)
      await new Promise(resolve => setTimeout(resolve, 100))
      for (let count = 0; count < 5; count += 1) probe.note(await receive())
    }),
  )
  const { socket } = await connect(scene)
  for (const text of ['1', '2', '3']) socket.send(text)
  socket.close(1000)
  const message = (text: string): unknown => ({ type: 'websocket.receive', text })
  const end = { type: 'websocket.disconnect', code: 1000, reason: '' }
  expect(await scene.probe.noted(5)).toEqual([message('1'), message('2'), message('3'), end, end])
})

test('given frames that come before the app accepts, expect them to be delivered', async () => {
  const scene = await startScene(noting())
  const client = await RawClient.connect(scene.port)
  client.send(handshake() + frame({ head: 0x81, payload: 'early' }))
  expect(await scene.probe.noted()).toEqual([{ type: 'websocket.receive', text: 'early' }])
})

test('given a flood that the app does not receive, expect the socket to be paused, and nothing to be lost', async () => {
  const count = 200_000
  const scene = await startScene(probe =>
    ws(async (scope, receive, send) => {
      await receive()
      await send(accept)
      probe.note('accepted')
      await new Promise(resolve => setTimeout(resolve, 300))
      const { socket } = scope.extensions.server?.native ?? {}
      probe.note(socket !== undefined && 'bytesRead' in socket ? socket.bytesRead : 0)
      let received = 0
      while ((await receive()).type === 'websocket.receive') received += 1
      probe.note(received)
    }),
  )
  const client = await connectRaw(scene)
  client.send(
    frame({ head: 0x81, payload: 'x' }).repeat(count) + frame({ head: 0x88, payload: closePayload(1000) }),
  )
  const [, bytesRead, received] = await scene.probe.noted(3)
  // 1.4 MB were sent: what was read is a few chunks of a socket.
  expect(bytesRead).toBeLessThan(400_000)
  expect(received).toBe(count)
})

test('given a client that does not read, expect `send` to wait with a bounded amount in memory', async () => {
  const scene = await startScene(probe =>
    ws(async (scope, receive, send) => {
      await receive()
      await send(accept)
      const bytes = Buffer.alloc(16 * 1024)
      let most = 0
      const loop = async (): Promise<void> => {
        for (;;) {
          const sent = send({ type: 'websocket.send', bytes })
          const server = scope.extensions.server
          most = Math.max(most, server?.bufferedAmount ?? 0)
          if (server?.writable === false) probe.note('waiting')
          await sent
        }
      }
      await probe.noteOutcome(loop())
      probe.note(most)
    }),
  )
  const { socket } = await connect(scene)
  socket.pause()
  await scene.probe.noted()
  socket.terminate()
  while (typeof scene.probe.notes.at(-1) !== 'number') await scene.probe.noted(scene.probe.notes.length + 1)
  expect(scene.probe.notes.at(-1)).toBeLessThan(256 * 1024)
  expect(scene.probe.notes.at(-2)).toEqual(disconnectedError)
})
