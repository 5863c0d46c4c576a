import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryDirectory } from '@tunicorn/harness'
import type { RawClient } from '@tunicorn/harness/vitest'
import type { App, HttpSendEvent } from '@tunicorn/worker-asgi'
import { expect, onTestFinished, test } from 'vitest'
import { http } from '../support/apps.js'
import { chunkedBody } from '../support/chunked-body.js'
import { protocolError } from '../support/probe.js'
import { get } from '../support/requests.js'
import { describeRows } from '../support/rows.js'
import { startScene } from '../support/scene.js'

function trailers(): App {
  return http(async (_scope, _receive, send) => {
    await send({ type: 'http.response.start', status: 200, trailers: true })
    await send({ type: 'http.response.body', body: 'body' })
    await send({ type: 'http.response.trailers', headers: [['x-one', '1']], moreTrailers: true })
    await send({ type: 'http.response.trailers', headers: [['x-two', '2']] })
  })
}

describeRows('HTTP: trailers, hints and files', [
  {
    given: 'an app with trailers',
    when: 'the request says `TE: trailers`',
    expects: 'they are sent',
    app: trailers,
    sends: get('/', ['TE: trailers']),
    receives: /\r\n\r\n4\r\nbody\r\n0\r\nx-one: 1\r\nx-two: 2\r\n\r\n$/is,
    connection: 'open',
  },
  {
    given: 'an app with trailers',
    when: 'the request does not say `TE: trailers`',
    expects: 'the response is complete without them',
    app: trailers,
    sends: get(),
    receives: /\r\n\r\n4\r\nbody\r\n0\r\n\r\n$/s,
    connection: 'open',
  },
  {
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

test('given pathsend of 50 KB, when it is sent, expect the exact bytes with the length of the app', async () => {
  const client = await startWithFile(pathApp([['content-length', '50000']]))
  client.send(get('/', ['Connection: close']))
  const received = await client.all()
  expect(received).toMatch(/content-length: 50000\r\n/)
  expect(Buffer.from(received.slice(received.indexOf('\r\n\r\n') + 4), 'latin1').equals(kilobytes50)).toBe(
    true,
  )
})

test('given pathsend without a length, when it is asked for with HEAD, expect the length of the file', async () => {
  const client = await startWithFile(pathApp([]))
  client.send(get('/', [], 'HEAD') + get('/', ['Connection: close']))
  const received = await client.all()
  expect(received).toMatch(
    /^HTTP\/1\.1 200 OK\r\ncontent-length: 50000\r\n[^\0]*\r\n\r\nHTTP\/1\.1 200 OK\r\ncontent-length: 50000\r\n/,
  )
})

test('given zerocopysend of parts between parts of the body, when they are sent, expect all in order, and the file stays open', async () => {
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
