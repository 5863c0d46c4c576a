import { AsyncLocalStorage } from 'node:async_hooks'
import type { App } from '@tunicorn/worker-asgi'
import { expect } from 'vitest'
import { hello, http, noteScope, readBody, waiting } from '../support/apps.js'
import type { Probe } from '../support/probe.js'
import { get, post } from '../support/requests.js'
import { describeRows, type Row } from '../support/rows.js'

/** Notes that it is called, and then the body. */
function notesBody(probe: Probe): App {
  return http(async (_scope, receive, send) => {
    probe.note('called')
    probe.note((await readBody(receive)).toString())
    await send({ type: 'http.response.start', status: 200 })
    await send({ type: 'http.response.body' })
  })
}

/** The head of a request that offers another protocol. */
function upgrade(method: string, fields: readonly string[] = []): string {
  return get('/', ['Connection: Upgrade', 'Upgrade: h2c', ...fields], method)
}

describeRows('HTTP: connections', [
  {
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
    given: 'a keep-alive timeout of 0.2 s',
    when: 'a request takes longer',
    expects: 'it is answered',
    app: () =>
      http(async (_scope, _receive, send) => {
        // Longer than the timeout and the second that Node adds to it, which is what this is about.
        await new Promise(resolve => setTimeout(resolve, 1500))
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.body', body: 'late' })
      }),
    options: { keepAlive: 0.2 },
    sends: get(),
    receives: /late$/,
  },
  {
    given: 'at most 1 request at a time, and no queue',
    when: 'there are idle connections, then a request that takes its time',
    expects: 'idle connections do not count, and a second request gets 503',
    app: waiting,
    options: { maxConcurrency: 1, maxQueue: 0 },
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
    given: 'a limit of 1000 bytes for bodies',
    when: 'an upgrade has a chunked body that is larger',
    expects: '413, and the app never gets the whole body',
    app: notesBody,
    options: { limitRequestBody: 1000 },
    sends: `${upgrade('POST', ['Transfer-Encoding: chunked'])}7d0\r\n${'a'.repeat(2000)}\r\n0\r\n\r\n`,
    receives: /^HTTP\/1\.1 413 /,
    connection: 'closed',
    notes: ['called'],
  },
  {
    given: 'a request timeout of 0.2 s',
    when: 'an upgrade has a body that does not come',
    expects: '408, and the connection is closed',
    app: notesBody,
    options: { requestTimeout: 0.2 },
    sends: `${upgrade('POST', ['Content-Length: 500'])}a`,
    receives: /^HTTP\/1\.1 408 /,
    connection: 'closed',
    notes: ['called'],
  },
  {
    given: 'an app that answers',
    when: 'a request is pipelined behind an upgrade to h2c',
    expects: 'the answer to the upgrade alone, and the connection is closed',
    app: noteScope(({ path }) => path),
    sends: upgrade('GET') + get('/behind'),
    receives: /^HTTP\/1\.1 204 /,
    never: /HTTP\/1\.1 400 /,
    connection: 'closed',
    notes: ['/'],
  },
  {
    given: 'an app that answers the first request late',
    when: 'an upgrade to h2c is pipelined behind it',
    expects: 'both are answered, in their order',
    app: probe =>
      http(async ({ path }, _receive, send) => {
        probe.note(path)
        if (path === '/before') await probe.noted(2)
        await send({
          type: 'http.response.start',
          status: 200,
          headers: [['content-length', `${path.length}`]],
        })
        await send({ type: 'http.response.body', body: path })
      }),
    also: async ({ connect, probe }) => {
      const client = await connect()
      client.send(get('/before') + upgrade('POST', ['Content-Length: 4']))
      await probe.noted(1)
      client.send('body')
      probe.note('go')
      await client.until(/\/before.*\/$/s)
      await client.closed()
      expect(probe.notes).toEqual(['/before', 'go', '/'])
    },
  },
  {
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
