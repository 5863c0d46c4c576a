import { once } from 'node:events'
import { RawClient } from '@tunicorn/harness/vitest'
import type {
  App,
  Handler,
  WebSocketAcceptEvent,
  WebSocketCloseEvent,
  WebSocketSendEvent,
} from '@tunicorn/worker-asgi'
import { defineApp } from '@tunicorn/worker-asgi'
import { describe, expect, test } from 'vitest'
import { disconnectedError, type Probe, protocolError } from '../support/probe.js'
import { type Scene, startScene } from '../support/scene.js'
import { closePayload, connect, connectRaw, frame, handshake } from '../support/ws-client.js'

const accept: WebSocketSendEvent = { type: 'websocket.accept' }
const textEvent = (text: string): WebSocketSendEvent => ({ type: 'websocket.send', text })

function ws(handler: Handler<'websocket'>): App {
  return defineApp({ websocket: handler })
}

/** Accepts, then notes every event it receives. */
function noting(event: WebSocketAcceptEvent = { type: 'websocket.accept' }): (probe: Probe) => App {
  return probe =>
    ws(async (_scope, receive, send) => {
      await receive()
      await send(event)
      for (;;) {
        const received = await receive()
        probe.note(received)
        if (received.type === 'websocket.disconnect') return
      }
    })
}

/** Accepts, then sends back what it receives. */
const echo = (): App =>
  ws(async (_scope, receive, send) => {
    await receive()
    await send(accept)
    for (;;) {
      const event = await receive()
      if (event.type === 'websocket.disconnect') return
      if (event.type !== 'websocket.receive') continue
      if (event.text === undefined) await send({ type: 'websocket.send', bytes: event.bytes })
      else await send({ type: 'websocket.send', text: event.text })
    }
  })

/** Does something after the first event, then notes what it receives. */
function answering(...events: readonly unknown[]): (probe: Probe) => App {
  return probe =>
    ws(async (_scope, receive, send) => {
      await receive()
      for (const event of events) await send(event as WebSocketSendEvent)
      probe.note(await receive())
    })
}

/** The whole response to a handshake that is refused. */
async function refusal(scene: Scene, request: string = handshake()): Promise<string> {
  const client = await RawClient.connect(scene.port)
  return await client.send(request).all()
}

describe('the handshake', () => {
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
  ])('W01: given %s, expect a refusal without the app', async (_what, request, answer) => {
    const scene = await startScene(probe => async scope => probe.note(scope.type), { lifespan: 'off' })
    expect(await refusal(scene, request)).toMatch(answer)
    expect(scene.probe.notes).toEqual([])
  })

  test.each([
    ['no upgrade token', handshake().replace('Connection: Upgrade', 'Connection: close')],
    ['h2c', handshake().replace('Upgrade: websocket', 'Upgrade: h2c')],
    ['HTTP/1.0', handshake().replace('HTTP/1.1', 'HTTP/1.0')],
    ['POST', handshake('/', ['Content-Length: 0']).replace('GET', 'POST')],
  ])('W02: given %s, expect a plain request', async (_what, request) => {
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

  test('W03, H79: given an app that accepts, expect 101 and no subprotocol', async () => {
    const scene = await startScene(echo)
    const { socket } = await connect(scene, { subprotocols: ['proto1'] }).catch(() => connect(scene))
    expect(socket.protocol).toBe('')
  })

  test('W05: given an app that closes before it accepts, expect 403 without a body, and disconnect 1006', async () => {
    const scene = await startScene(answering({ type: 'websocket.close' }))
    expect(await refusal(scene)).toMatch(
      /^HTTP\/1\.1 403 Forbidden\r\n.*content-length: 0\r\n.*connection: close\r\n\r\n$/is,
    )
    expect(await scene.probe.noted()).toEqual([{ type: 'websocket.disconnect', code: 1006, reason: '' }])
  })

  test('W06, W09: given a handshake, expect a scope of plain data with the bytes of its headers', async () => {
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

  test('W07: given headers of the app, expect them in the 101 response', async () => {
    const scene = await startScene(noting({ type: 'websocket.accept', headers: [['extra', 'header']] }))
    const client = await RawClient.connect(scene.port)
    await client
      .send(handshake())
      .until(/^HTTP\/1\.1 101 Switching Protocols\r\n.*extra: header\r\n.*\r\n\r\n$/s)
  })

  test.each(['sec-websocket-protocol', 'Sec-WebSocket-Accept', 'connection', 'upgrade'])(
    'W08: given the header %s of the app, expect a rejection and 500',
    async name => {
      const scene = await startScene(answering({ type: 'websocket.accept', headers: [[name, 'x']] }))
      expect(await refusal(scene)).toMatch(/^HTTP\/1\.1 500 /)
      await scene.probe.logged(/no fields of the handshake itself/)
    },
  )

  test('W31: given offered subprotocols, expect the one that the app takes', async () => {
    const scene = await startScene(noting({ type: 'websocket.accept', subprotocol: 'proto2' }))
    const { socket } = await connect(scene, { subprotocols: ['proto1', 'proto2'] })
    expect(socket.protocol).toBe('proto2')
  })

  test('W32: given a subprotocol that was not offered, expect a rejection and 500', async () => {
    const scene = await startScene(answering({ type: 'websocket.accept', subprotocol: 'other' }))
    expect(await refusal(scene, handshake('/', ['Sec-WebSocket-Protocol: proto1']))).toMatch(
      /^HTTP\/1\.1 500 /,
    )
    await scene.probe.logged(/Expected `subprotocol` to be proto1/)
  })

  test.each([
    ['H: W22', 'throws', () => Promise.reject(new Error('broken'))],
    [
      'W22',
      'throws at once',
      () => {
        throw new Error('broken')
      },
    ],
    ['W22', 'returns', () => Promise.resolve()],
  ] as const)('%s: given an app that %s during the handshake, expect 500', async (_id, _what, handler) => {
    const scene = await startScene(() => ws(handler))
    expect(await refusal(scene)).toMatch(
      /^HTTP\/1\.1 500 Internal Server Error\r\n.*content-length: 21\r\nconnection: close\r\n\r\nInternal Server Error$/s,
    )
  })

  test('W17: given an app that sends before it accepts, expect a rejection and 500', async () => {
    const scene = await startScene(answering(textEvent('early')))
    expect(await refusal(scene)).toMatch(/^HTTP\/1\.1 500 /)
    await scene.probe.logged(/Expected the ASGI event `websocket\.accept` or /)
  })

  test('W41: given a denial, expect its response, and disconnect 1006', async () => {
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

  test('W42: given a denial in two parts with a length, expect all of it', async () => {
    const scene = await startScene(
      answering(
        { type: 'websocket.http.response.start', status: 400, headers: [['content-length', '20']] },
        { type: 'websocket.http.response.body', body: 'x'.repeat(10), moreBody: true },
        { type: 'websocket.http.response.body', body: 'y'.repeat(10) },
      ),
    )
    expect(await refusal(scene)).toMatch(/^HTTP\/1\.1 400 .*content-length: 20\r\n.*\r\n\r\nx{10}y{10}$/is)
  })

  test('W43: given a denial with status 700, expect 500', async () => {
    const scene = await startScene(answering({ type: 'websocket.http.response.start', status: 700 }))
    expect(await refusal(scene)).toMatch(
      /^HTTP\/1\.1 500 .*content-length: 21\r\nconnection: close\r\n\r\nInternal Server Error$/s,
    )
  })

  test('W44: given a denial that is not completed, expect 500 while its head is held', async () => {
    const scene = await startScene(() =>
      ws(async (_scope, _receive, send) => send({ type: 'websocket.http.response.start', status: 400 })),
    )
    expect(await refusal(scene)).toMatch(/^HTTP\/1\.1 500 /)
  })

  test('W45: given a denial that starts twice, expect a rejection that names the body', async () => {
    const start = { type: 'websocket.http.response.start', status: 400 }
    const scene = await startScene(answering(start, start))
    await refusal(scene)
    await scene.probe.logged(
      /Expected the ASGI event `websocket\.http\.response\.body`, got `websocket\.http/,
    )
  })

  test('W30: given a handshake that is held, when the server stops, expect 500, and disconnect 1012', async () => {
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

  test('W04: given a client that leaves during the handshake, expect disconnect 1006 and an aborted signal', async () => {
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

  test('W50: given the options for headers, expect them in the 101 response', async () => {
    const options = { serverHeader: true, headers: [['x-a', '1']] as const }
    const scene = await startScene(echo, options)
    const client = await RawClient.connect(scene.port)
    await client.send(handshake()).until(/101 .*x-a: 1\r\nserver: tunicorn\r\ndate: \w+, .* GMT\r\n\r\n$/s)
    const bare = await startScene(echo, { dateHeader: false })
    const other = await RawClient.connect(bare.port)
    await other.send(handshake()).until(/101 .*\r\n\r\n$/s)
    expect(other.received).not.toMatch(/date|server: /i)
  })

  test('W52: given as many calls as are allowed, expect 503', async () => {
    const scene = await startScene(echo, { maxConcurrency: 1 })
    await connect(scene)
    expect(await refusal(scene)).toMatch(/^HTTP\/1\.1 503 .*retry-after: 1\r\n/s)
  })

  test('W56: given an app without WebSockets, expect 403 and nothing in the log', async () => {
    const scene = await startScene(() => defineApp({ http: async () => {} }))
    expect(await refusal(scene)).toMatch(/^HTTP\/1\.1 403 /)
    scene.probe.expectNoErrors()
  })

  test.each([
    ['http', 'ws'],
    ['https', 'wss'],
    ['ws', 'ws'],
    ['wss', 'wss'],
  ])('W58: given X-Forwarded-Proto %s, expect the scheme %s', async (proto, scheme) => {
    const scene = await startScene(probe =>
      ws(async (scope, _receive, send) => {
        probe.note(scope.scheme)
        await send({ type: 'websocket.close' })
      }),
    )
    await refusal(scene, handshake('/', [`X-Forwarded-Proto: ${proto}`]))
    expect(await scene.probe.noted()).toEqual([scheme])
  })
})

describe('messages', () => {
  test('W10, W11: given text and bytes of the app, expect text and binary frames', async () => {
    const scene = await startScene(
      answering(accept, textEvent('text \u20ac'), { type: 'websocket.send', bytes: new Uint8Array([1, 2]) }),
    )
    const client = await connect(scene)
    expect(await client.received(2)).toEqual(['text \u20ac', Buffer.from([1, 2])])
  })

  test('W13, W14: given text and bytes of the client, expect exactly one key each', async () => {
    const scene = await startScene(noting())
    const { socket } = await connect(scene)
    socket.send('text')
    socket.send(Buffer.from([1, 2]))
    const [text, bytes] = await scene.probe.noted(2)
    expect(text).toStrictEqual({ type: 'websocket.receive', text: 'text' })
    expect(bytes).toStrictEqual({ type: 'websocket.receive', bytes: Buffer.from([1, 2]) })
  })

  test('W12: an echo in both directions, compressed when both sides want it', async () => {
    const scene = await startScene(echo, { wsPerMessageDeflate: true })
    const client = await connect(scene)
    expect(client.socket.extensions).toContain('permessage-deflate')
    client.socket.send('x'.repeat(100_000))
    expect(await client.received(1)).toEqual(['x'.repeat(100_000)])
    const plain = await startScene(echo)
    expect((await connect(plain)).socket.extensions).toBe('')
  })

  test('W15: given an app that sends after it closed, expect a rejection, and the close frame at the client', async () => {
    const scene = await startScene(
      answering(accept, textEvent('first'), { type: 'websocket.close', code: 1001 }, textEvent('late')),
    )
    const client = await connect(scene)
    expect(await client.closed).toEqual({ code: 1001, reason: '' })
    expect(client.messages).toEqual(['first'])
    await scene.probe.logged(/no event after `websocket\.close`/)
  })

  test('W16: given messages that are neither text nor bytes, or both, expect rejections', async () => {
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

  test('W33, W34: given a message of the allowed size it is delivered; one byte more closes with 1009', async () => {
    const scene = await startScene(noting(), { wsMaxSize: 100_000 })
    const { socket, closed } = await connect(scene)
    socket.send(Buffer.alloc(100_000))
    expect(await scene.probe.noted()).toEqual([{ type: 'websocket.receive', bytes: Buffer.alloc(100_000) }])
    socket.send(Buffer.alloc(100_001))
    expect((await closed).code).toBe(1009)
  })

  test('W35: given fragments whose sum is too large, expect 1009', async () => {
    const scene = await startScene(noting(), { wsMaxSize: 100 })
    const { socket, closed } = await connect(scene)
    socket.send('x'.repeat(60), { fin: false })
    socket.send('x'.repeat(60), { fin: true })
    expect((await closed).code).toBe(1009)
  })

  test.each([
    ['a frame without a mask', frame({ head: 0x81, payload: 'x', isMasked: false })],
    ['a reserved bit', frame({ head: 0xc1, payload: 'x' })],
  ])('W37: given %s, expect 1002', async (_what, bytes) => {
    const scene = await startScene(noting())
    const client = await connectRaw(scene)
    client.send(bytes)
    await client.beginning('\x88\x02\x03\xea')
  })

  test('W38: given a ping between fragments, expect a pong and the whole message', async () => {
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

  test('W47: given three messages and a close while the app sleeps, expect all of them, then the disconnect, again and again', async () => {
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

  test('W48: given frames that come before the app accepts, expect them to be delivered', async () => {
    const scene = await startScene(noting())
    const client = await RawClient.connect(scene.port)
    client.send(handshake() + frame({ head: 0x81, payload: 'early' }))
    expect(await scene.probe.noted()).toEqual([{ type: 'websocket.receive', text: 'early' }])
  })

  test('W55: given a flood that the app does not receive, expect the socket to be paused, and nothing to be lost', async () => {
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

  test('W57: given a client that does not read, expect `send` to wait with a bounded amount in memory', async () => {
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
})

describe('the end', () => {
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
  test.each(matrix)(
    'W23: given a close with %j, expect %i "%s" at the client',
    async (fields, code, reason) => {
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
    },
  )

  test.each([1004, 1005, 1006, 1015, 2999, 5000, 'x'])(
    'W24: given the close code %s, expect a rejection',
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

  test('W39: given a reason of 200 bytes, expect at most 123, cut between characters', async () => {
    const scene = await startScene(
      answering(accept, { type: 'websocket.close', reason: '\u20ac'.repeat(67) }),
    )
    expect(await (await connect(scene)).closed).toEqual({ code: 1000, reason: '\u20ac'.repeat(41) })
  })

  test('W20: given an app that returns, expect 1000', async () => {
    const scene = await startScene(() => ws(async (_scope, _receive, send) => send(accept)))
    expect(await (await connect(scene)).closed).toEqual({ code: 1000, reason: '' })
  })

  test('W21: given an app that throws, expect 1011, and the error in the log', async () => {
    const scene = await startScene(() =>
      ws(async (_scope, _receive, send) => {
        await send(accept)
        throw new Error('broken')
      }),
    )
    expect((await (await connect(scene)).closed).code).toBe(1011)
    await scene.probe.logged(/broken/)
  })

  test('W19: given an app that returns 123, expect 1006, and the log to say so', async () => {
    const scene = await startScene(() =>
      ws((async (_scope: unknown, _receive: unknown, send: (event: WebSocketSendEvent) => Promise<void>) => {
        await send(accept)
        return 123
      }) as never),
    )
    expect((await (await connect(scene)).closed).code).toBe(1006)
    await scene.probe.logged(/should return None, but returned '123'/)
  })

  test.each([
    ['W18', accept],
    ['W46', { type: 'websocket.http.response.start', status: 200 }],
    ['W46', { type: 'websocket.http.response.body' }],
  ])('%s: given an open WebSocket and %j, expect a rejection and 1006', async (_id, event) => {
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

  test('W46: given a denial and events of a WebSocket, expect rejections', async () => {
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

  test('W25: given a close frame without a code, expect 1005', async () => {
    const scene = await startScene(noting())
    const client = await connectRaw(scene)
    client.send(frame({ head: 0x88 }))
    expect(await scene.probe.noted()).toEqual([{ type: 'websocket.disconnect', code: 1005, reason: '' }])
  })

  test('W25: given a close of the client, expect its code and reason', async () => {
    const scene = await startScene(noting())
    const { socket } = await connect(scene)
    socket.close(3001, 'bye')
    expect(await scene.probe.noted()).toEqual([{ type: 'websocket.disconnect', code: 3001, reason: 'bye' }])
  })

  test('W26: given a lost connection, expect 1006', async () => {
    const scene = await startScene(noting())
    const { socket } = await connect(scene)
    socket.terminate()
    expect(await scene.probe.noted()).toEqual([{ type: 'websocket.disconnect', code: 1006, reason: '' }])
    scene.probe.expectNoErrors()
  })

  test('W27: given a lost connection and an app that only sends, expect `send` to reject, without an error in the log', async () => {
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

  test('W29: given an open WebSocket, when the server stops, expect 1012 at the client and in the app', async () => {
    const scene = await startScene(noting())
    const { closed } = await connect(scene)
    await scene.server.close()
    expect(await closed).toEqual({ code: 1012, reason: '' })
    expect(await scene.probe.noted()).toEqual([{ type: 'websocket.disconnect', code: 1012, reason: '' }])
    scene.probe.expectNoErrors()
  })

  test('W28: given messages that wait, when the server stops, expect the app to get them before the end', async () => {
    const scene = await startScene(probe =>
      ws(async (scope, receive, send) => {
        await receive()
        await send(accept)
        await new Promise(resolve => scope.extensions.server?.draining.addEventListener('abort', resolve))
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

  test('W49: given a pong after the close handshake, expect nothing of it', async () => {
    const scene = await startScene(noting())
    const client = await connectRaw(scene)
    client.send(frame({ head: 0x88, payload: closePayload(1000) }) + frame({ head: 0x8a }))
    await client.beginning('\x88\x02\x03\xe8')
    expect(await scene.probe.noted()).toEqual([{ type: 'websocket.disconnect', code: 1000, reason: '' }])
    scene.probe.expectNoErrors()
  })

  test('W53: given a client that never answers pings, expect 1011', async () => {
    const scene = await startScene(noting(), { wsPingInterval: 0.05, wsPingTimeout: 0.05 })
    const { socket, closed } = await connect(scene, { autoPong: false })
    const [ping] = await once(socket, 'ping')
    expect(ping).toEqual(Buffer.alloc(0))
    expect(await closed).toEqual({ code: 1011, reason: 'keepalive ping timeout' })
    expect(await scene.probe.noted()).toEqual([
      { type: 'websocket.disconnect', code: 1011, reason: 'keepalive ping timeout' },
    ])
  })

  test('W53: given a client that answers pings, expect it to stay, also when the app does not receive for long', async () => {
    const scene = await startScene(echo, { wsPingInterval: 0.04, wsPingTimeout: 0.04 })
    const client = await connect(scene)
    for (let count = 0; count < 4; count += 1) await once(client.socket, 'ping')
    client.socket.send('still here')
    expect(await client.received(1)).toEqual(['still here'])
  })

  test('W54: given no ping interval, expect no ping', async () => {
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

  test('W51: given a state of start-up, expect each WebSocket to get a shallow copy', async () => {
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
})
