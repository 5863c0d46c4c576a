import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryDirectory } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import type { App, HttpSendEvent } from '@tunicorn/worker-asgi'
import { serve } from '@tunicorn/worker-asgi'
import { expect, onTestFinished, test } from 'vitest'
import { hello, http, noteScope, readBody, respond } from '../support/apps.js'
import { chunkedBody } from '../support/chunked-body.js'
import { type Probe, protocolError } from '../support/probe.js'
import { get, post } from '../support/requests.js'
import { describeRows, type Row } from '../support/rows.js'
import { startScene } from '../support/scene.js'

/** Answers `/wait` when the test says so, and everything else at once. */
function waiting(probe: Probe): App {
  return http(async ({ path }, receive, send) => {
    if (path === '/wait') {
      probe.note('waits')
      await receive()
      while (!probe.notes.includes('go')) await probe.noted(probe.notes.length + 1)
    }
    await send({ type: 'http.response.start', status: 200 })
    await send({ type: 'http.response.body', body: path })
  })
}

/** Notes that it is called, and then the body. */
function notesBody(probe: Probe): App {
  return http(async (_scope, receive, send) => {
    probe.note('called')
    probe.note((await readBody(receive)).toString())
    await send({ type: 'http.response.start', status: 200 })
    await send({ type: 'http.response.body' })
  })
}

function trailers(): App {
  return http(async (_scope, _receive, send) => {
    await send({ type: 'http.response.start', status: 200, trailers: true })
    await send({ type: 'http.response.body', body: 'body' })
    await send({ type: 'http.response.trailers', headers: [['x-one', '1']], moreTrailers: true })
    await send({ type: 'http.response.trailers', headers: [['x-two', '2']] })
  })
}

describeRows('HTTP: connections, limits and extensions', [
  {
    id: 'H67',
    given: 'a keep-alive timeout of 0.2 s',
    when: 'the connection is idle for longer',
    expects: 'it is closed',
    app: hello,
    options: { keepAlive: 0.2 },
    sends: get(),
    receives: /Hello, world$/,
    connection: 'closed',
  },
  {
    id: 'H69',
    given: 'a header timeout of 0.2 s',
    when: 'a request head is never finished',
    expects: '408, and the connection is closed',
    app: hello,
    options: { headersTimeout: 0.2 },
    sends: 'GET',
    receives: /^HTTP\/1\.1 408 /,
    connection: 'closed',
  },
  {
    id: 'H70',
    given: 'a keep-alive timeout of 0.2 s',
    when: 'a request takes longer',
    expects: 'it is answered',
    app: () =>
      http(async (_scope, _receive, send) => {
        await new Promise(resolve => setTimeout(resolve, 1500))
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.body', body: 'late' })
      }),
    options: { keepAlive: 0.2 },
    sends: get(),
    receives: /late$/,
  },
  {
    id: 'H73',
    given: 'at most 1 call at a time',
    when: 'there are idle connections, then a call that waits',
    expects: 'idle connections do not count, and a second call gets 503',
    app: waiting,
    options: { maxConcurrency: 1 },
    also: async ({ connect, probe }) => {
      const idle = await Promise.all([connect(), connect(), connect()])
      for (const client of idle) await client.send(get('/idle')).until(/\/idle$/)
      const first = await connect()
      first.send(get('/wait'))
      await probe.noted(1)
      const [second] = idle
      await second?.send(get('/second')).until(/HTTP\/1\.1 503 .*retry-after: 1\r\n.*Service Unavailable$/is)
      probe.note('go')
      await first.until(/\/wait$/)
      await second?.send(get('/third')).until(/\/third$/)
    },
  },
  ...([true, false] as const).map(
    (websocket): Row => ({
      id: 'H78',
      given: `the option websocket ${websocket}`,
      when: 'an upgrade to h2c is asked for',
      expects: 'a plain response, and the app sees the fields of the client',
      app: noteScope(({ type, headers }) => [type, headers.get('upgrade')]),
      options: { websocket },
      sends: get('/', [
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA',
      ]),
      receives: /^HTTP\/1\.1 204 /,
      connection: 'closed',
      notes: [['http', 'h2c']],
    }),
  ),
  {
    id: 'H78',
    given: 'an app that receives the body',
    when: 'an upgrade to h2c has one',
    expects: 'the app gets it',
    app: notesBody,
    sends: post('body', ['Connection: Upgrade', 'Upgrade: h2c']),
    receives: /^HTTP\/1\.1 200 /,
    connection: 'closed',
    notes: ['called', 'body'],
  },
  {
    id: 'H78',
    given: 'an app that receives the body',
    when: 'an upgrade to h2c has one that comes when the app waits for it',
    expects: 'the app gets it',
    app: notesBody,
    also: async ({ connect, probe }) => {
      const client = await connect()
      const request = post('body', ['Connection: Upgrade', 'Upgrade: h2c'])
      client.send(request.slice(0, -4))
      await probe.noted(1)
      client.send('body')
      await client.until(/^HTTP\/1\.1 200 /)
      await client.closed()
      expect(probe.notes).toEqual(['called', 'body'])
    },
  },
  {
    id: 'H78',
    given: 'an app that throws',
    when: 'an upgrade to h2c is asked for',
    expects: 'a 500',
    app: () => http(() => Promise.reject(new Error('broken'))),
    sends: get('/', ['Connection: Upgrade', 'Upgrade: h2c']),
    receives: /^HTTP\/1\.1 500 /,
    connection: 'closed',
    logs: /broken/,
  },
  {
    id: 'H77',
    given: 'WebSockets that are switched off',
    when: 'a handshake comes',
    expects: 'a plain response, and one warning',
    app: noteScope(({ type }) => type),
    options: { websocket: false },
    sends: get('/', ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']),
    receives: /^HTTP\/1\.1 204 /,
    connection: 'closed',
    notes: ['http'],
    logs: /Unsupported upgrade request/,
  },
  {
    id: 'H80',
    given: 'no options',
    when: 'a response is sent',
    expects: 'a date and no server',
    app: hello,
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*date: \w{3}, /is,
    never: /server:/i,
  },
  {
    id: 'H80',
    given: 'the option serverHeader',
    when: 'the app names a server',
    expects: 'the name of the app',
    app: () => respond(200, [['Server', 'mine']]),
    options: { serverHeader: true },
    sends: get(),
    receives: /server: mine\r\n/i,
    never: /tunicorn/,
  },
  {
    id: 'H80',
    given: 'the option serverHeader',
    when: 'a response is sent',
    expects: 'our name',
    app: hello,
    options: { serverHeader: true },
    sends: get(),
    receives: /server: tunicorn\r\n/i,
  },
  {
    id: 'H81',
    given: 'the option headers with two servers',
    when: 'a response is sent',
    expects: 'both',
    app: hello,
    options: {
      headers: [
        ['server', 'a'],
        ['server', 'b'],
      ],
    },
    sends: get(),
    receives: /server: a\r\nserver: b\r\n/,
  },
  {
    id: 'H82',
    given: 'the option headers',
    when: 'a response is sent',
    expects: 'the field, besides the others',
    app: hello,
    options: { headers: [['x-additional', 'yes']] },
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*content-length: 12\r\nx-additional: yes\r\nDate:/s,
  },
  {
    id: 'H83',
    given: 'dateHeader: false',
    when: 'a response is sent',
    expects: 'no date',
    app: hello,
    options: { dateHeader: false },
    sends: get(),
    receives: /Hello, world$/,
    never: /date:/i,
  },
  {
    id: 'H84',
    given: 'an app with trailers',
    when: 'the request says `TE: trailers`',
    expects: 'they are sent',
    app: trailers,
    sends: get('/', ['TE: trailers']),
    receives: /\r\n\r\n4\r\nbody\r\n0\r\nx-one: 1\r\nx-two: 2\r\n\r\n$/is,
    connection: 'open',
  },
  {
    id: 'H85',
    given: 'an app with trailers',
    when: 'the request does not say `TE: trailers`',
    expects: 'the response is complete without them',
    app: trailers,
    sends: get(),
    receives: /\r\n\r\n4\r\nbody\r\n0\r\n\r\n$/s,
    connection: 'open',
  },
  {
    id: 'H85',
    given: 'an app that announces trailers',
    when: 'it returns without them',
    expects: 'the response is complete, and the log says so',
    app: () =>
      http(async (_scope, _receive, send) => {
        await send({ type: 'http.response.start', status: 200, trailers: true })
        await send({ type: 'http.response.body', body: 'body' })
      }),
    sends: get(),
    receives: /\r\n\r\n4\r\nbody\r\n0\r\n\r\n$/s,
    connection: 'open',
    logs: /without sending the trailers/,
  },
  {
    id: 'H86',
    given: 'early hints',
    when: 'they come before the start',
    expects: '103, then 200',
    app: () =>
      http(async (_scope, _receive, send) => {
        await send({
          type: 'http.response.early_hint',
          links: ['</a.css>; rel=preload; as=style', '</b.js>; rel=preload'],
        })
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.body', body: 'body' })
      }),
    sends: get(),
    receives:
      /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload; as=style, <\/b\.js>; rel=preload\r\n\r\nHTTP\/1\.1 200 OK\r\n.*body$/is,
  },
  {
    id: 'H86',
    given: 'early hints',
    when: 'they come after the start, while the head is held, and again after it is out',
    expects: '103 once, then 200',
    app: () =>
      http(async (_scope, _receive, send) => {
        const hint: HttpSendEvent = { type: 'http.response.early_hint', links: ['</a.css>; rel=preload'] }
        await send({ type: 'http.response.start', status: 200 })
        await send(hint)
        await send({ type: 'http.response.body', body: 'body', moreBody: true })
        await send(hint)
        await send({ type: 'http.response.body' })
      }),
    sends: get(),
    receives: /^HTTP\/1\.1 103 .*HTTP\/1\.1 200 OK\r\n.*body\r\n0\r\n\r\n$/s,
    never: /200 OK.*103/s,
  },
  {
    id: 'H91',
    given: 'events that only other protocols know',
    when: 'they are sent',
    expects: 'they are ignored',
    app: () =>
      http(async (_scope, _receive, send) => {
        await send({ type: 'http.response.debug', info: { template: 'x' } })
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.push', path: '/style.css' })
        await send({ type: 'http.response.body', body: 'body' })
      }),
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*body$/s,
    connection: 'open',
  },
  {
    id: 'H89',
    given: 'pathsend of a file that is not there',
    when: 'the head is held',
    expects: '404, and the log says so',
    app: () =>
      http(async (_scope, _receive, send) => {
        await send({ type: 'http.response.start', status: 200, headers: [['content-length', '5']] })
        await send({ type: 'http.response.pathsend', path: '/no/such/file' })
      }),
    sends: get(),
    receives: /^HTTP\/1\.1 404 Not Found\r\n.*Not Found$/s,
    connection: 'open',
    logs: /Cannot open file \/no\/such\/file/,
  },
  {
    id: 'H88',
    given: 'pathsend of a directory, and of a relative path',
    when: 'they are sent',
    expects: '404 for the one, and a rejection for the other',
    app: probe =>
      http(async (_scope, _receive, send) => {
        await send({ type: 'http.response.start', status: 200 })
        await probe.noteOutcome(send({ type: 'http.response.pathsend', path: 'relative' }))
        await send({ type: 'http.response.pathsend', path: '/' })
      }),
    sends: get(),
    receives: /^HTTP\/1\.1 404 /,
    notes: [protocolError],
  },
  {
    id: 'S13',
    given: 'an app that runs in an asynchronous context of its own',
    when: 'requests are pipelined',
    expects: 'no request sees the context of another',
    app: probe => {
      const storage = new AsyncLocalStorage<string>()
      return http(async ({ path }, _receive, send) => {
        probe.note(storage.getStore())
        await storage.run(path, async () => {
          await send({ type: 'http.response.start', status: 200 })
          await send({ type: 'http.response.body', body: path })
        })
      })
    },
    sends: get('/1') + get('/2') + get('/3'),
    receives: /\/3$/,
    connection: 'open',
    notes: [undefined, undefined, undefined, undefined],
  },
])

const kilobytes50 = Buffer.from(Array.from({ length: 50_000 }, (_, index) => index % 251))

async function startWithFile(makeApp: (path: string) => App): Promise<RawClient> {
  const directory = await temporaryDirectory()
  onTestFinished(() => directory[Symbol.asyncDispose]())
  const path = join(directory.path, 'file')
  await writeFile(path, kilobytes50)
  const { connect } = await startScene(() => makeApp(path))
  return await connect()
}

function pathApp(headers: readonly (readonly [string, string])[]): (path: string) => App {
  return path =>
    http(async (_scope, _receive, send) => {
      await send({ type: 'http.response.start', status: 200, headers })
      await send({ type: 'http.response.pathsend', path })
    })
}

test('H87: given pathsend of 50 KB, when it is sent, expect the exact bytes with the length of the app', async () => {
  const client = await startWithFile(pathApp([['content-length', '50000']]))
  client.send(get('/', ['Connection: close']))
  const received = await client.all()
  expect(received).toMatch(/content-length: 50000\r\n/)
  expect(Buffer.from(received.slice(received.indexOf('\r\n\r\n') + 4), 'latin1').equals(kilobytes50)).toBe(
    true,
  )
})

test('H87: given pathsend without a length, when it is asked for with HEAD, expect the length of the file', async () => {
  const client = await startWithFile(pathApp([]))
  client.send(get('/', [], 'HEAD') + get('/', ['Connection: close']))
  const received = await client.all()
  expect(received).toMatch(
    /^HTTP\/1\.1 200 OK\r\ncontent-length: 50000\r\n[^\0]*\r\n\r\nHTTP\/1\.1 200 OK\r\ncontent-length: 50000\r\n/,
  )
})

test('H92: given zerocopysend of parts between parts of the body, when they are sent, expect all in order, and the file stays open', async () => {
  const client = await startWithFile(path =>
    http(async (_scope, _receive, send) => {
      const file = await open(path)
      await send({ type: 'http.response.start', status: 200 })
      await send({ type: 'http.response.body', body: 'a', moreBody: true })
      await send({ type: 'http.response.zerocopysend', file, offset: 65, count: 3, moreBody: true })
      await send({ type: 'http.response.body', body: 'b', moreBody: true })
      await send({ type: 'http.response.zerocopysend', file: file.fd, count: 2, offset: 97 })
      await file.close()
    }),
  )
  client.send(get('/', ['Connection: close']))
  expect(chunkedBody(await client.all())).toBe('aABCbab')
})

test('H75: given a busy request, when the server drains, expect it to be answered with `connection: close`', async () => {
  const { server, connect, probe } = await startScene(waiting)
  const client = await connect()
  client.send(get('/wait'))
  await probe.noted(1)
  const closed = server.close()
  probe.note('go')
  expect(await client.all()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*\/wait$/is)
  await closed
})

test('S03: given a busy request, when the server drains, expect new connections to be refused', async () => {
  const { server, connect, probe } = await startScene(waiting)
  const client = await connect()
  client.send(get('/wait'))
  await probe.noted(1)
  const closed = server.close()
  await expect(connect()).rejects.toThrow(/ECONNREFUSED/)
  probe.note('go')
  await client.closed()
  await closed
})

test('S02: given a request that never ends, when the graceful timeout is over, expect it to be cut and named', async () => {
  const { server, connect, probe } = await startScene(probe =>
    http(async scope => {
      probe.note('waits')
      await new Promise(resolve => scope.extensions.server?.signal.addEventListener('abort', resolve))
      probe.note('aborted')
      await new Promise(() => {})
    }),
  )
  const client = await connect()
  client.send(get('/slow'))
  await probe.noted(1)
  await server.close(0.1)
  await client.closed()
  expect(await probe.noted(2)).toEqual(['waits', 'aborted'])
  await probe.logged(/Cut at the graceful timeout: GET \/slow/)
  await probe.logged(/Cancel 1 running task\(s\), timeout graceful shutdown exceeded/)
})

test('S14: given an event stream, when the server drains, expect `draining` to abort, no disconnect, and the stream to end by itself', async () => {
  const { server, connect, probe } = await startScene(probe =>
    http(async (scope, receive, send) => {
      await receive()
      let isDisconnected = false
      void receive().then(() => {
        isDisconnected = true
      })
      await send({
        type: 'http.response.start',
        status: 200,
        headers: [['content-type', 'text/event-stream']],
      })
      await send({ type: 'http.response.body', moreBody: true })
      const draining = scope.extensions.server?.draining
      await new Promise(resolve => draining?.addEventListener('abort', resolve))
      probe.note([isDisconnected, scope.extensions.server?.signal.aborted])
      await send({ type: 'http.response.body', body: 'data: bye\n\n' })
    }),
  )
  const client = await connect()
  await client.send(get()).until(/text\/event-stream\r\n.*\r\n\r\n$/s)
  await server.close()
  expect(await probe.noted(1)).toEqual([[false, false]])
  expect(await client.all()).toMatch(/data: bye\n\n\r\n0\r\n\r\n$/)
})

test('H65: given an app that goes on after its client has left, when the server stops, expect it to wait for a while and no longer', async () => {
  const { server, connect, probe } = await startScene(probe =>
    http(async scope => {
      probe.note('waits')
      await new Promise(resolve => scope.extensions.server?.signal.addEventListener('abort', resolve))
      probe.note('aborted')
      await new Promise(() => {})
    }),
  )
  const client = await connect()
  client.send(get())
  await probe.noted(1)
  client.socket.destroy()
  await probe.noted(2)
  await server.close()
  probe.expectNoErrors()
})

test('a promise given to `waitUntil` keeps the server, and a rejection is logged', async () => {
  let finish = (): void => {}
  const { server, connect, probe } = await startScene(probe =>
    http(async (scope, _receive, send) => {
      const later = new Promise<void>(resolve => {
        finish = resolve
      })
      scope.extensions.server?.waitUntil(later.then(() => probe.note('finished')))
      scope.extensions.server?.waitUntil(Promise.reject(new Error('rejected later')))
      await send({ type: 'http.response.start', status: 200 })
      await send({ type: 'http.response.body', body: 'sent' })
    }),
  )
  const client = await connect()
  await client.send(get('/', ['Connection: close'])).until(/sent$/)
  await probe.logged(/rejected later/)
  const closed = server.close().then(() => probe.note('closed'))
  await once(client.socket, 'close')
  finish()
  await closed
  expect(probe.notes).toEqual(['finished', 'closed'])
})

test('the server context tells what is native, and what the client has not read', async () => {
  const { connect, probe } = await startScene(
    noteScope(({ extensions: { server } }) => [
      server?.native.req.url,
      server?.native.res?.statusCode,
      server?.bufferedAmount,
      server?.writable,
      server?.workerId,
      server?.draining.aborted,
    ]),
  )
  const client = await connect()
  await client.send(get('/native')).until(/204/)
  expect(await probe.noted()).toEqual([['/native', 200, 0, true, 0, false]])
})

test('a server on a Unix socket names its path and no client', async () => {
  await using directory = await temporaryDirectory()
  const path = join(directory.path, 'asgi.sock')
  const { server, connect, probe } = await startScene(
    noteScope(({ client, server }) => [client, server]),
    { path },
  )
  const client = await connect()
  await client.send(get()).until(/204/)
  expect(await probe.noted()).toEqual([[null, [path, null]]])
  expect(server.url).toBe(`unix:${path}`)
  await server.close(0)
})

test('serve refuses wrong options and names each of them', async () => {
  const wrong = { port: 0, lifespan: 'maybe', wsMaxSize: -1, nonsense: 1 } as never
  await expect(serve(hello(), wrong)).rejects.toThrow(/`lifespan`.*`wsMaxSize`.*`nonsense`/s)
})

test('serve closes once, however often it is asked to', async () => {
  const server = await serve(hello(), { port: 0 })
  await Promise.all([server.close(), server.close(), server[Symbol.asyncDispose]()])
  await expect(RawClient.connect(Number(new URL(server.url).port))).rejects.toThrow()
})
