import { expect, test } from 'vitest'
import { protocolError } from '../support/probe.js'
import { startScene } from '../support/scene.js'
import { accept, answering, textEvent, ws } from '../support/ws-apps.js'
import { refusal } from '../support/ws-client.js'

test('given a denial, expect its response, and disconnect 1006', async () => {
  const scene = await startScene(
    answering(
      { type: 'websocket.http.response.start', status: 400, headers: [['x-denied', 'yes']] },
      { type: 'websocket.http.response.body', body: 'goodbye' },
    ),
  )
  expect(await refusal(scene)).toMatch(
    /^HTTP\/1\.1 400 Bad Request\r\nx-denied: yes\r\ncontent-length: 7\r\n.*connection: close\r\n\r\ngoodbye$/is,
  )
  expect(await scene.probe.noted()).toEqual([{ type: 'websocket.disconnect', code: 1006, reason: '' }])
})

test('given a denial in two parts with a length, expect all of it', async () => {
  const scene = await startScene(
    answering(
      { type: 'websocket.http.response.start', status: 400, headers: [['content-length', '20']] },
      { type: 'websocket.http.response.body', body: 'x'.repeat(10), moreBody: true },
      { type: 'websocket.http.response.body', body: 'y'.repeat(10) },
    ),
  )
  expect(await refusal(scene)).toMatch(/^HTTP\/1\.1 400 .*content-length: 20\r\n.*\r\n\r\nx{10}y{10}$/is)
})

test('given a denial with status 700, expect 500', async () => {
  const scene = await startScene(answering({ type: 'websocket.http.response.start', status: 700 }))
  expect(await refusal(scene)).toMatch(
    /^HTTP\/1\.1 500 .*content-length: 21\r\nconnection: close\r\n\r\nInternal Server Error$/s,
  )
})

test('given a denial that is not completed, expect 500 while its head is held', async () => {
  const scene = await startScene(() =>
    ws(async (_scope, _receive, send) => send({ type: 'websocket.http.response.start', status: 400 })),
  )
  expect(await refusal(scene)).toMatch(/^HTTP\/1\.1 500 /)
})

test('given a denial that starts twice, expect a rejection that names the body', async () => {
  const start = { type: 'websocket.http.response.start', status: 400 }
  const scene = await startScene(answering(start, start))
  await refusal(scene)
  await scene.probe.logged(/Expected `websocket\.http\.response\.body`, got `websocket\.http/)
})

test('given a denial and events of a WebSocket, expect rejections', async () => {
  const scene = await startScene(probe =>
    ws(async (_scope, _receive, send) => {
      await send({ type: 'websocket.http.response.start', status: 400 })
      for (const event of [accept, textEvent('x'), { type: 'websocket.close' } as const])
        await probe.noteOutcome(send(event))
      await send({ type: 'websocket.http.response.body', body: 'denied' })
      for (const event of [accept, textEvent('x'), { type: 'websocket.http.response.body' } as const])
        await probe.noteOutcome(send(event))
    }),
  )
  expect(await refusal(scene)).toMatch(/^HTTP\/1\.1 400 .*denied$/s)
  expect(await scene.probe.noted(6)).toEqual(Array(6).fill(protocolError))
})
