import { once } from 'node:events'
import type { App, BodyOut, HeadersOut } from '@tunicorn/worker-asgi'
import { expect } from 'vitest'
import { echo, http, readBody, respond } from '../support/apps.js'
import { disconnectedError, type Probe, protocolError } from '../support/probe.js'
import { get, post } from '../support/requests.js'
import { describeRows } from '../support/rows.js'

const chunk = Buffer.alloc(64 * 1024, 'x')

/** Answers in parts. */
function inParts(headers: HeadersOut, ...parts: readonly BodyOut[]): App {
  return http(async (_scope, _receive, send) => {
    await send({ type: 'http.response.start', status: 200, headers })
    for (const body of parts) await send({ type: 'http.response.body', body, moreBody: true })
    await send({ type: 'http.response.body' })
  })
}

/** Sends for ever and notes what stops it. Notes the high-water mark of what is waiting. */
function endless(probe: Probe): App {
  return http(async (scope, _receive, send) => {
    await send({ type: 'http.response.start', status: 200 })
    let most = 0
    const loop = async (): Promise<void> => {
      for (;;) {
        const sent = send({ type: 'http.response.body', body: chunk, moreBody: true })
        most = Math.max(most, scope.extensions.server?.bufferedAmount ?? 0)
        if (scope.extensions.server?.writable === false) probe.note('waiting')
        await sent
      }
    }
    await probe.noteOutcome(loop())
    probe.note(most)
  })
}

describeRows('HTTP: framing and bodies', [
  {
    id: 'H26',
    given: 'an app that says `transfer-encoding: chunked`',
    when: 'it sends one body',
    expects: 'the body once and exactly one end',
    app: () => respond(200, [['transfer-encoding', 'chunked']], 'body'),
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*transfer-encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n$/is,
    connection: 'open',
  },
  {
    id: 'H26',
    given: 'an app that says `transfer-encoding: chunked`',
    when: 'its body is empty',
    expects: 'exactly one end',
    app: () => respond(200, [['transfer-encoding', 'chunked']]),
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n0\r\n\r\n$/s,
    connection: 'open',
  },
  {
    id: 'H27',
    given: 'an app that says `transfer-encoding: chunked`',
    when: 'it is asked with HEAD',
    expects: 'no chunk, and the connection stays open',
    app: () => respond(200, [['transfer-encoding', 'chunked']], 'body'),
    sends: get('/', [], 'HEAD'),
    receives: /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n$/s,
    connection: 'open',
  },
  {
    id: 'H29',
    given: 'an app that says `transfer-encoding: gzip`',
    when: 'it sends a body',
    expects: 'the field is left out and the body has a length',
    app: () => respond(200, [['transfer-encoding', 'gzip']], 'body'),
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*content-length: 4\r\n.*\r\n\r\nbody$/is,
    never: /gzip/,
    connection: 'open',
  },
  {
    id: 'H29',
    given: 'an app that says both `content-length` and `transfer-encoding: chunked`',
    when: 'it sends a body',
    expects: 'only the length counts',
    app: () =>
      respond(
        200,
        [
          ['Content-Length', '4'],
          ['Transfer-Encoding', 'chunked'],
        ],
        'body',
      ),
    sends: get(),
    receives: /\r\n\r\nbody$/s,
    never: /chunked/,
    connection: 'open',
  },
  {
    id: 'H26',
    given: 'an app that sends several parts without a length',
    when: 'the parts are text and bytes',
    expects: 'chunks',
    app: () => inParts([], 'one', Buffer.from('two'), new Uint8Array([51]), '\u20ac'),
    sends: get(),
    receives: /\r\n0\r\n\r\n$/,
    chunks: 'onetwo3\u00e2\u0082\u00ac',
    connection: 'open',
  },
  {
    id: 'H30',
    given: 'an announced length of 10',
    when: 'one part of 3 bytes is all',
    expects: 'the mistake is told, nothing of it is sent, and the connection is closed',
    app: () => respond(200, [['content-length', '10']], 'abc'),
    sends: get(),
    receives: /^HTTP\/1\.1 500 /,
    connection: 'closed',
    logs: /a body not shorter than `content-length`, which is 10 bytes/,
  },
  {
    id: 'H30',
    given: 'an announced length of 10',
    when: 'two parts of 3 bytes are all',
    expects: 'the connection is closed before the response looks complete',
    app: () => inParts([['content-length', '10']], 'abc', 'def'),
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*content-length: 10\r\n/is,
    connection: 'closed',
    logs: /not shorter than/,
  },
  {
    id: 'H31',
    given: 'an announced length of 10',
    when: '60 bytes are sent',
    expects: 'none of them is out and the connection is closed',
    app: () => respond(200, [['content-length', '10']], 'o'.repeat(60)),
    sends: get(),
    receives: /^HTTP\/1\.1 500 /,
    never: /oooo/,
    connection: 'closed',
  },
  {
    id: 'H31',
    given: 'an announced length of 10',
    when: '6 bytes and 6 more are sent',
    expects: 'at most 10 bytes are out and the connection is closed',
    app: () => inParts([['content-length', '10']], 'abcdef', 'ghijkl'),
    sends: get(),
    receives: /content-length: 10\r\n.*\r\n\r\nabcdef$/is,
    connection: 'closed',
  },
  {
    id: 'H28',
    given: 'an app that sends a body',
    when: 'the status is 204',
    expects: 'neither body nor length, and the connection stays open',
    app: () => respond(204, [['content-length', '4']], 'body'),
    sends: get(),
    receives: /^HTTP\/1\.1 204 No Content\r\n.*\r\n\r\n$/s,
    never: /body|content-length|chunked/i,
    connection: 'open',
  },
  {
    id: 'H28',
    given: 'an app that sends a body',
    when: 'the status is 304',
    expects: 'no body, and the connection stays open',
    app: () => respond(304, [], 'body'),
    sends: get(),
    receives: /^HTTP\/1\.1 304 Not Modified\r\n.*\r\n\r\n$/s,
    never: /body|chunked/i,
    connection: 'open',
  },
  {
    id: 'H33',
    given: 'an app that answers without receiving',
    when: 'a part of the body comes later than the answer',
    expects: 'the rest is thrown away and the connection can be used',
    app: () => respond(200, [], 'early'),
    also: async ({ connect }) => {
      const client = await connect()
      client.send(`${get('/', ['Content-Length: 18'], 'POST')}{"hello"`)
      await client.until(/\r\n\r\nearly$/s)
      client.send(`: "world"}${get()}`)
      await client.until(/early.*\r\n\r\nearly$/s)
    },
  },
  {
    id: 'H33',
    given: 'an app that answers when it has received the first part',
    when: 'a megabyte follows',
    expects: 'the rest is thrown away and the connection can be used',
    app: () =>
      http(async (_scope, receive, send) => {
        await receive()
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.body', body: 'early' })
      }),
    also: async ({ connect }) => {
      const client = await connect()
      client.send(`${get('/', ['Content-Length: 1000000'], 'POST')}first`)
      await client.until(/\r\n\r\nearly$/s)
      client.send('x'.repeat(1_000_000 - 5) + get())
      await client.until(/early.*\r\n\r\nearly$/s)
    },
  },
  {
    id: 'H34',
    given: 'an app that receives the body',
    when: 'it comes in chunks with extensions and trailers',
    expects: 'nothing of them is seen',
    app: echo,
    sends: `${get('/', ['Transfer-Encoding: chunked'], 'POST')}3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n`,
    receives: /\r\n\r\nBody: abcde$/s,
    connection: 'open',
  },
  {
    id: 'H35',
    given: 'any app',
    when: 'a request has a length and chunks',
    expects: '400, and the connection is closed',
    app: echo,
    sends: `${get('/', ['Content-Length: 3', 'Transfer-Encoding: chunked'], 'POST')}0\r\n\r\n`,
    receives: /^HTTP\/1\.1 400 /,
    connection: 'closed',
  },
  {
    id: 'H37',
    given: 'an app that receives the body',
    when: 'the client waits for 100 Continue',
    expects: '100, then the response',
    app: echo,
    also: async ({ connect }) => {
      const client = await connect()
      client.send(get('/', ['Content-Length: 4', 'Expect: 100-continue'], 'POST'))
      await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
      client.send('body')
      await client.until(/100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n.*\r\n\r\nBody: body$/s)
    },
  },
  {
    id: 'H38',
    given: 'an app that never receives',
    when: 'the client waits for 100 Continue',
    expects: 'only the final response, and the connection is closed',
    app: () => respond(204, []),
    sends: get('/', ['Content-Length: 4', 'Expect: 100-continue'], 'POST'),
    receives: /^HTTP\/1\.1 204 .*connection: close\r\n/is,
    never: /100 Continue/,
    connection: 'closed',
  },
  {
    id: 'H39',
    given: 'an app that notes when it begins and ends',
    when: 'three requests come in one packet',
    expects: 'three responses in order, and no call before the one before it has ended',
    app: probe =>
      http(async ({ path }, _receive, send) => {
        probe.note(`${path} begins`)
        await new Promise(resolve => setImmediate(resolve))
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.body', body: `[${path}]` })
        probe.note(`${path} ends`)
      }),
    sends: get('/1') + get('/2') + get('/3'),
    receives: /\[\/1\].*\[\/2\].*\[\/3\]$/s,
    notes: ['/1 begins', '/1 ends', '/2 begins', '/2 ends', '/3 begins', '/3 ends'],
  },
  {
    id: 'H40',
    given: 'an app that works on after its response',
    when: 'the next request is waiting',
    expects: 'it begins without waiting for that work',
    app: probe =>
      http(async ({ path }, _receive, send) => {
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.body', body: `[${path}]` })
        if (path === '/1') await probe.noted()
        else probe.note(path)
      }),
    sends: get('/1') + get('/2'),
    receives: /\[\/1\].*\[\/2\]$/s,
    notes: ['/2'],
  },
  ...[
    'G?T / HTTP/1.1\r\n\r\n',
    'GET /?x=y z HTTP/1.1\r\n\r\n',
    'GET / HTTP1.1\r\n\r\n',
    'x'.repeat(100_000),
  ].map(bytes => ({
    id: 'H41',
    given: 'any app',
    when: `${JSON.stringify(bytes.slice(0, 24))} comes`,
    expects: '400, and the connection is closed',
    app: echo,
    sends: bytes,
    receives: /^HTTP\/1\.1 400 /,
    connection: 'closed' as const,
  })),
  {
    id: 'H42',
    given: 'the usual limits',
    when: 'a field is larger',
    expects: '431, and the connection is closed',
    app: echo,
    sends: get('/', [`X-Large: ${'x'.repeat(33_000)}`]),
    receives: /^HTTP\/1\.1 431 .*connection: close\r\n/is,
    connection: 'closed',
  },
  {
    id: 'H43',
    given: 'a larger limit',
    when: 'a large field comes in two packets',
    expects: 'the request is served',
    app: echo,
    options: { limitRequestFieldSize: 65_536 },
    also: async ({ connect }) => {
      const client = await connect()
      const request = get('/', [`X-Large: ${'x'.repeat(33_000)}`])
      client.send(request.slice(0, 20_000))
      client.socket.once('drain', () => {})
      client.send(request.slice(20_000))
      await client.until(/^HTTP\/1\.1 200 /)
    },
  },
  {
    id: 'H44',
    given: 'a limit for request bodies',
    when: 'a body is longer',
    expects: '413, and no complete body for the app',
    app: echo,
    options: { limitRequestBody: 10 },
    sends: post('x'.repeat(11)),
    receives: /^HTTP\/1\.1 413 /,
    never: /Body:/,
    connection: 'closed',
  },
  {
    id: 'H45',
    given: 'an app that sends without end and awaits each `send`',
    when: 'the client does not read',
    expects: '`send` waits with a bounded amount in memory, and goes on when the client reads',
    app: endless,
    also: async ({ connect, probe }) => {
      const client = await connect()
      client.socket.pause()
      client.send(get())
      await probe.noted(1)
      // Nothing moves any more: the kernel is full and the app waits.
      const before = client.socket.bytesRead
      client.socket.resume()
      while (client.socket.bytesRead < before + 20_000_000) await once(client.socket, 'data')
      client.socket.destroy()
      while (probe.notes.length === 0 || typeof probe.notes.at(-1) !== 'number')
        await probe.noted(probe.notes.length + 1)
      expect(probe.notes.at(-1)).toBeLessThan(512 * 1024)
    },
  },
  {
    id: 'H46',
    given: 'an app that waits in `send`',
    when: 'the client leaves',
    expects: '`send` rejects',
    app: endless,
    also: async ({ connect, probe }) => {
      const client = await connect()
      client.socket.pause()
      client.send(get())
      await probe.noted(1)
      client.socket.destroy()
      while (!probe.notes.some(note => note instanceof Error)) await probe.noted(probe.notes.length + 1)
      expect(probe.notes.find(note => note instanceof Error)).toEqual(disconnectedError)
      probe.expectNoErrors()
    },
  },
  {
    id: 'H36',
    given: 'an app that notes the parts of a body',
    when: 'a long body comes while it does not receive',
    expects: 'it is read in few parts, little ahead of the app, and complete',
    app: probe =>
      http(async (_scope, receive, send) => {
        await receive()
        const rest = await readBody(receive)
        probe.note(rest.length)
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.body', body: 'read' })
      }),
    also: async ({ connect, probe }) => {
      const client = await connect()
      client.send(`${get('/', ['Content-Length: 3000001'], 'POST')}1`)
      client.send('x'.repeat(3_000_000))
      await client.until(/read$/)
      const [length] = await probe.noted(1)
      expect(length).toBeGreaterThan(2_900_000)
    },
  },
  {
    id: 'H32',
    given: 'an app with a length that is no number, or two of them',
    when: 'it starts',
    expects: '`send` rejects',
    app: probe =>
      http(async (_scope, _receive, send) => {
        for (const lengths of [['abc'], ['1', '2'], ['-1']])
          await probe.noteOutcome(
            send({
              type: 'http.response.start',
              status: 200,
              headers: lengths.map((length): [string, string] => ['content-length', length]),
            }),
          )
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.body' })
      }),
    sends: get(),
    receives: /^HTTP\/1\.1 200 .*connection: close/is,
    connection: 'closed',
    notes: [protocolError, protocolError, protocolError],
  },
])
