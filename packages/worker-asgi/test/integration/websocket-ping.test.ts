import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startScene } from '../support/scene.js'
import { echo, noting } from '../support/ws-apps.js'
import { connect } from '../support/ws-client.js'

test('given a client that never answers pings, expect 1011', async () => {
  const scene = await startScene(noting(), { wsPingInterval: 0.05, wsPingTimeout: 0.05 })
  const { socket, closed } = await connect(scene, { autoPong: false })
  const [ping] = await once(socket, 'ping')
  expect(ping).toEqual(Buffer.alloc(0))
  expect(await closed).toEqual({ code: 1011, reason: 'keepalive ping timeout' })
  expect(await scene.probe.noted()).toEqual([
    { type: 'websocket.disconnect', code: 1011, reason: 'keepalive ping timeout' },
  ])
})

test('given a client that answers pings, expect it to stay, also when the app does not receive for long', async () => {
  const scene = await startScene(echo, { wsPingInterval: 0.04, wsPingTimeout: 0.04 })
  const client = await connect(scene)
  for (let count = 0; count < 4; count += 1) await once(client.socket, 'ping')
  client.socket.send('still here')
  expect(await client.received(1)).toEqual(['still here'])
})

test('given no ping interval, expect no ping', async () => {
  const scene = await startScene(echo, { wsPingInterval: 0, wsPingTimeout: 0.01 })
  const client = await connect(scene)
  let pings = 0
  client.socket.on('ping', () => {
    pings += 1
  })
  await new Promise(resolve => setTimeout(resolve, 100))
  client.socket.send('done')
  await client.received(1)
  expect(pings).toBe(0)
})
