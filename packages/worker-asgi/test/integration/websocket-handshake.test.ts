import { RawClient } from '@tunicorn/harness/vitest'
import { defineApp } from '@tunicorn/worker-asgi'
import { expect, test } from 'vitest'
import { disconnectedError } from '../support/probe.js'
import { startScene } from '../support/scene.js'
import { accept, answering, echo, noting, textEvent, ws } from '../support/ws-apps.js'
import { connect, handshake, refusal } from '../support/ws-client.js'

test.each([
  ['no key', handshake().replace(/Sec-WebSocket-Key.*\r\n/, ''), /^HTTP\/1\.1 400 /],
  ['a bad key', handshake().replace(/Key: .*\r\n/, 'Key: short\r\n'), /^HTTP\/1\.1 400 /],
  ['a bad list of subprotocols', handshake('/', ['Sec-WebSocket-Protocol: a,,b']), /^HTTP\/1\.1 400 /],
  ['a body', `${handshake('/', ['Content-Length: 4'])}body`, /^HTTP\/1\.1 400 /],
  ['a body that is still to come', handshake('/', ['Transfer-Encoding: chunked']), /^HTTP\/1\.1 400 /],
  ['two hosts', handshake('/', ['Host: other']), /^HTTP\/1\.1 400 /],
  [
    'version 12',
    handshake().replace('Version: 13', 'Version: 12'),
    /^HTTP\/1\.1 426 .*sec-websocket-version: 13\r\n/is,
  ],
])('given %s, expect a refusal without the app', async (_what, request, answer) => {
  const scene = await startScene(probe => async scope => probe.note(scope.type), { lifespan: 'off' })
  expect(await refusal(scene, request)).toMatch(answer)
  expect(scene.probe.notes).toEqual([])
})

test.each([
  ['no upgrade token', handshake().replace('Connection: Upgrade', 'Connection: close')],
  ['h2c', handshake().replace('Upgrade: websocket', 'Upgrade: h2c')],
  ['HTTP/1.0', handshake().replace('HTTP/1.1', 'HTTP/1.0')],
  ['POST', handshake('/', ['Content-Length: 0']).replace('GET', 'POST')],
])('given %s, expect a plain request', async (_what, request) => {
  const scene = await startScene(
    probe => async (scope, _receive, send) => {
      probe.note(scope.type)
      await send({ type: 'http.response.start', status: 204 })
      await send({ type: 'http.response.body' })
    },
    { lifespan: 'off' },
  )
  expect(await refusal(scene, request)).toMatch(/^HTTP\/1\.1 204 /)
  expect(scene.probe.notes).toEqual(['http'])
})

test('given an app that accepts, expect 101 and no subprotocol', async () => {
  const scene = await startScene(echo)
  const { socket } = await connect(scene, { subprotocols: ['proto1'] }).catch(() => connect(scene))
  expect(socket.protocol).toBe('')
})

test('given an app that closes before it accepts, expect 403 without a body, and disconnect 1006', async () => {
  const scene = await startScene(answering({ type: 'websocket.close' }))
  expect(await refusal(scene)).toMatch(
    /^HTTP\/1\.1 403 Forbidden\r\n.*content-length: 0\r\n.*connection: close\r\n\r\n$/is,
  )
  expect(await scene.probe.noted()).toEqual([{ type: 'websocket.disconnect', code: 1006, reason: '' }])
})

test('given a handshake, expect a scope of plain data with the bytes of its headers', async () => {
  const scene = await startScene(probe =>
    ws(async (scope, _receive, send) => {
      probe.note({
        ...scope,
        headers: scope.headers.get('username'),
        extensions: Object.keys(scope.extensions),
      })
      await send({ type: 'websocket.close' })
    }),
  )
  await refusal(
    scene,
    handshake('/one%2Ftwo?a=%20', ['username: abra\u00e3o', 'Sec-WebSocket-Protocol: proto1, proto2']),
  )
  expect(await scene.probe.noted()).toEqual([
    {
      type: 'websocket',
      asgi: { version: '3.0', specVersion: '2.5' },
      httpVersion: '1.1',
      scheme: 'ws',
      path: '/one/two',
      rawPath: '/one%2Ftwo',
      queryString: 'a=%20',
      rootPath: '',
      headers: 'abra\u00e3o',
      client: ['127.0.0.1', expect.any(Number)],
      server: ['127.0.0.1', scene.port],
      subprotocols: ['proto1', 'proto2'],
      extensions: ['websocket.http.response', 'server'],
    },
  ])
})

test('given headers of the app, expect them in the 101 response', async () => {
  const scene = await startScene(noting({ type: 'websocket.accept', headers: [['extra', 'header']] }))
  const client = await RawClient.connect(scene.port)
  await client
    .send(handshake())
    .until(/^HTTP\/1\.1 101 Switching Protocols\r\n.*extra: header\r\n.*\r\n\r\n$/s)
})

test.each(['sec-websocket-protocol', 'Sec-WebSocket-Accept', 'connection', 'upgrade'])(
  'given the header %s of the app, expect a rejection and 500',
  async name => {
    const scene = await startScene(answering({ type: 'websocket.accept', headers: [[name, 'x']] }))
    expect(await refusal(scene)).toMatch(/^HTTP\/1\.1 500 /)
    await scene.probe.logged(/no fields of the handshake itself/)
  },
)

test('given offered subprotocols, expect the one that the app takes', async () => {
  const scene = await startScene(noting({ type: 'websocket.accept', subprotocol: 'proto2' }))
  const { socket } = await connect(scene, { subprotocols: ['proto1', 'proto2'] })
  expect(socket.protocol).toBe('proto2')
})

test('given a subprotocol that was not offered, expect a rejection and 500', async () => {
  const scene = await startScene(answering({ type: 'websocket.accept', subprotocol: 'other' }))
  expect(await refusal(scene, handshake('/', ['Sec-WebSocket-Protocol: proto1']))).toMatch(/^HTTP\/1\.1 500 /)
  await scene.probe.logged(/Expected `subprotocol` to be proto1/)
})

test.each([
  ['throws', () => Promise.reject(new Error('broken'))],
  [
    'throws at once',
    () => {
      throw new Error('broken')
    },
  ],
  ['returns', () => Promise.resolve()],
] as const)('given an app that %s during the handshake, expect 500', async (_what, handler) => {
  const scene = await startScene(() => ws(handler))
  expect(await refusal(scene)).toMatch(
    /^HTTP\/1\.1 500 Internal Server Error\r\n.*content-length: 21\r\nconnection: close\r\n\r\nInternal Server Error$/s,
  )
})

test('given an app that sends before it accepts, expect a rejection and 500', async () => {
  const scene = await startScene(answering(textEvent('early')))
  expect(await refusal(scene)).toMatch(/^HTTP\/1\.1 500 /)
  await scene.probe.logged(/Expected `websocket\.accept` or /)
})

test('given a handshake that is held, when the server stops, expect 500, and disconnect 1012', async () => {
  const scene = await startScene(probe =>
    ws(async (_scope, receive) => {
      await receive()
      probe.note('held')
      probe.note(await receive())
    }),
  )
  const client = await RawClient.connect(scene.port)
  client.send(handshake())
  await scene.probe.noted()
  await scene.server.close()
  expect(await client.all()).toMatch(/^HTTP\/1\.1 500 /)
  expect(scene.probe.notes).toEqual(['held', { type: 'websocket.disconnect', code: 1012, reason: '' }])
})

test('given a client that leaves during the handshake, expect disconnect 1006 and an aborted signal', async () => {
  const scene = await startScene(probe =>
    ws(async (scope, receive, send) => {
      await receive()
      probe.note('held')
      probe.note(await receive())
      probe.note(scope.extensions.server?.signal.aborted)
      await probe.noteOutcome(send(accept))
    }),
  )
  const client = await RawClient.connect(scene.port)
  client.send(handshake())
  await scene.probe.noted()
  client.socket.end()
  expect(await scene.probe.noted(4)).toEqual([
    'held',
    { type: 'websocket.disconnect', code: 1006, reason: '' },
    true,
    disconnectedError,
  ])
})

test('given the options for headers, expect them in the 101 response', async () => {
  const options = { serverHeader: true, headers: [['x-a', '1']] as const }
  const scene = await startScene(echo, options)
  const client = await RawClient.connect(scene.port)
  await client.send(handshake()).until(/101 .*x-a: 1\r\nserver: tunicorn\r\ndate: \w+, .* GMT\r\n\r\n$/s)
  const bare = await startScene(echo, { dateHeader: false })
  const other = await RawClient.connect(bare.port)
  await other.send(handshake()).until(/101 .*\r\n\r\n$/s)
  expect(other.received).not.toMatch(/date|server: /i)
})

test('given a WebSocket that is open, expect it to have no place of maxConcurrency', async () => {
  const scene = await startScene(echo, { maxConcurrency: 1, maxQueue: 0 })
  await connect(scene)
  await connect(scene)
})

test('given an app without WebSockets, expect 403 and nothing in the log', async () => {
  const scene = await startScene(() => defineApp({ http: async () => {} }))
  expect(await refusal(scene)).toMatch(/^HTTP\/1\.1 403 /)
  scene.probe.expectNoErrors()
})

test.each([
  ['http', 'ws'],
  ['https', 'wss'],
  ['ws', 'ws'],
  ['wss', 'wss'],
])('given X-Forwarded-Proto %s, expect the scheme %s', async (proto, scheme) => {
  const scene = await startScene(probe =>
    ws(async (scope, _receive, send) => {
      probe.note(scope.scheme)
      await send({ type: 'websocket.close' })
    }),
  )
  await refusal(scene, handshake('/', [`X-Forwarded-Proto: ${proto}`]))
  expect(await scene.probe.noted()).toEqual([scheme])
})

test('given a state of start-up, expect each WebSocket to get a shallow copy', async () => {
  const scene = await startScene(probe =>
    defineApp({
      lifespan: async ({ state }, receive, send) => {
        await receive()
        Object.assign(state, { a: 123, b: [1] })
        await send({ type: 'lifespan.startup.complete' })
        await receive()
        await send({ type: 'lifespan.shutdown.complete' })
      },
      websocket: async ({ state = {} }, _receive, send) => {
        probe.note(structuredClone(state))
        state.a = 456
        if (Array.isArray(state.b)) state.b.push(2)
        await send({ type: 'websocket.close' })
      },
    }),
  )
  await refusal(scene)
  await refusal(scene)
  expect(scene.probe.notes).toEqual([
    { a: 123, b: [1] },
    { a: 123, b: [1, 2] },
  ])
})
