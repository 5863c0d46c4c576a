/** HTTP/2 from the command to the client: apps of every kind, limits, and a drain that loses nothing. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { connect as connectSocket, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { promisify } from 'node:util'
import { startTunicorn } from '@tunicorn/harness'
import { describe, expect, test } from 'vitest'
import { expectOneMessage } from '../e2e/support/expect-one-message.js'
import { localCertificates } from '../e2e/support/local-certificates.js'
import { apps, type Served, usual, whenServing } from '../e2e/support/served.js'
import { askSecurely } from '../e2e/support/tls-client.js'

const run = promisify(execFile)

const { authority, server, ca } = await localCertificates()

interface Urls {
  readonly served: Served
  readonly secure: string
  readonly plain: string
}

/** At an encrypted address, and at a plain one that speaks HTTP/2 alone. */
async function serveBoth(app: string, more: readonly string[] = []): Promise<Urls> {
  const tls = ['--certfile', server.certfile, '--keyfile', server.keyfile, '--http2', 'on']
  const bind = ['-b', 'https://127.0.0.1:0', '-b', 'h2c://127.0.0.1:0']
  const args = [app, '-k', 'event-loop', '-w', '1', '--canary-seconds', '0', ...bind, ...tls, ...more]
  const served = await whenServing(await startTunicorn({ cwd: apps, args }))
  const urls = [...served.output.matchAll(/Listening at: (\S+) /g)].map(match => match[1] ?? '')
  const plain = urls[1] ?? ''
  // Both are opened by the worker, one after the other.
  await expect.poll(() => isOpen(Number(new URL(plain).port))).toBe(true)
  return { served, secure: urls[0] ?? '', plain }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connectSocket(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

interface Reply {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly text: string
  readonly trailers: object
}

async function reply(stream: ClientHttp2Stream): Promise<Reply> {
  let trailers = {}
  let text = ''
  stream.once('trailers', fields => {
    trailers = { ...fields }
  })
  const [headers] = await once(stream, 'response')
  stream.setEncoding('utf8')
  for await (const chunk of stream) text += String(chunk)
  return { status: Number(headers[':status']), headers, text, trailers }
}

function ask(session: ClientHttp2Session, path: string, fields: OutgoingHttpHeaders = {}, body?: string) {
  const stream = session.request({ ':path': path, ...fields }, { endStream: body === undefined })
  if (body !== undefined) stream.end(body)
  return reply(stream)
}

const post = { ':method': 'POST' }

test('a node app is asked by Node, curl and an older client at one address', async () => {
  const { served, secure, plain } = await serveBoth('./streams.js:node', ['--access-logfile', '-'])
  await using _ = served
  const session = connect(secure, { ca })
  const seen = await ask(session, '/a?b=c', { ...post, cookie: ['a=1', 'b=2'], 'x-a': '1' }, 'hello')
  expect(JSON.parse(seen.text)).toMatchObject({
    httpVersion: '2.0',
    method: 'POST',
    url: '/a?b=c',
    headers: { host: new URL(secure).host, cookie: 'a=1; b=2', 'x-a': '1' },
    encrypted: true,
    remoteAddress: '127.0.0.1',
    body: 'hello',
  })
  const big = 'y'.repeat(3_000_000)
  expect((await ask(session, '/echo', post, big)).text === big).toBe(true)
  expect(await ask(session, '/big')).toMatchObject({ status: 200, headers: { 'content-length': '1000000' } })
  expect(await ask(session, '/parts', post, 'unread')).toMatchObject({ status: 200, text: 'abc' })
  expect(await ask(session, '/trailers')).toMatchObject({ text: 'body', trailers: { 'x-sum': '4' } })
  expect(await ask(session, '/throw')).toMatchObject({ status: 500, text: 'Internal Server Error' })
  const { headers } = await ask(session, '/connection')
  expect(headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'] })
  expect(headers).not.toHaveProperty('connection')
  await expect(ask(session, '/break')).rejects.toThrow(/NGHTTP2_INTERNAL_ERROR/)
  const hints = session.request({ ':path': '/hints' })
  const [early] = await once(hints, 'headers')
  expect(early).toMatchObject({ ':status': 103, link: '</a.css>; rel=preload' })
  hints.close()
  // Many at once, each with its own answer.
  const paths = Array.from({ length: 100 }, (_each, index) => `/n/${index}`)
  const answers = await Promise.all(paths.map(path => ask(session, path)))
  expect(answers.map(({ text }) => JSON.parse(text).url)).toEqual(paths)
  session.close()
  const curl = async (...args: string[]) =>
    (await run('curl', ['-sS', '-w', ' %{http_version}', ...args])).stdout
  expect(await curl('--cacert', authority.certfile, '--http2', `${secure}/parts`)).toBe('abc 2')
  expect(await curl('--cacert', authority.certfile, '--http1.1', `${secure}/parts`)).toBe('abc 1.1')
  expect(await curl('--http2-prior-knowledge', '-d', 'x', `${plain}/echo`)).toBe('x 2')
  expect(JSON.parse((await askSecurely(`${secure}/x`, { ca })).text)).toMatchObject({ httpVersion: '1.1' })
  await served.running.waitForOutput(/"POST \/a\?b=c HTTP\/2\.0" 200/)
  await served.running.waitForOutput(/"GET \/throw HTTP\/2\.0" 500/)
  expect(await served.stop()).toEqual({ code: 0, signal: null })
})

test.each([
  ['./streams.js', 'event-loop', { url: expect.stringMatching(/^https:.*\/a\?b$/), body: 'hello' }],
  ['./streams.js:asgi', 'asgi', { httpVersion: '2', scheme: 'https', path: '/a', body: 'hello' }],
])('an app of another kind is served by stream: %s with %s', async (app, workerClass, expected) => {
  const { served, secure, plain } = await serveBoth(app, ['-k', workerClass])
  await using _ = served
  for (const session of [connect(secure, { ca }), connect(plain)]) {
    const { status, text } = await ask(session, '/a?b', post, 'hello')
    expect(status).toBe(200)
    if (session.encrypted) expect(JSON.parse(text)).toMatchObject(expected)
    const { trailers } = await ask(session, '/trailers', { te: 'trailers' })
    expect(Object.entries(trailers)).toEqual(workerClass === 'asgi' ? [['x-sum', '4']] : [])
    session.close()
  }
  expect(await served.stop()).toEqual({ code: 0, signal: null })
})

test.each(['./koa.js', './hono.js', './express/app.js', './fastify/app.js'])(
  'a framework answers over HTTP/2 as it does over HTTP/1.1: %s',
  async app => {
    const { served, secure, plain } = await serveBoth(app)
    await using _ = served
    const session = connect(plain)
    for (const path of ['/', '/nowhere']) {
      const before = await askSecurely(`${secure}${path}`, { ca })
      const { status, text } = await ask(session, path)
      expect(status).toBe(before.status)
      // Koa has another text for what it does not find: HTTP/2 has no reason phrases.
      if (status === 200) expect(text).toBe(before.text)
    }
    session.close()
    expect(served.output).not.toMatch(/"level":"error"/)
  },
)

test('limits and timeouts are those of a stream, and its neighbours do not notice', async () => {
  const args = ['--request-timeout', '1', '--limit-request-body', '1000', '--graceful-timeout', '5']
  const { served, plain } = await serveBoth('./streams.js:node', args)
  await using _ = served
  const session = connect(plain)
  const late = session.request({ ':path': '/x', ...post }, { endStream: false })
  const slow = ask(session, '/slow')
  expect((await ask(session, '/x', post, 'x'.repeat(1_001))).status).toBe(413)
  expect((await ask(session, `/${'x'.repeat(9_000)}`)).status).toBe(414)
  expect((await reply(late)).status).toBe(408)
  expect(await slow).toMatchObject({ status: 200, text: 'slow' })
  // The client gives up: the app hears of it.
  const held = session.request({ ':path': '/hold' })
  await ask(session, '/parts')
  held.close(8)
  await served.running.waitForOutput(/HOLD CLOSED/)
  session.close()
})

test('a connection without streams ends after keepAlive', async () => {
  const { served, plain } = await serveBoth('./streams.js:node', ['--keep-alive', '1'])
  await using _ = served
  const idle = connect(plain)
  const goaway = once(idle, 'goaway')
  expect((await ask(idle, '/')).status).toBe(200)
  await once(idle, 'close')
  expect((await goaway)[0]).toBe(0)
})

test('streams end with a connection that the client destroys or only ends', async () => {
  const { served, plain, secure } = await serveBoth('./streams.js:node')
  await using _ = served
  const opened = (url: string): Socket => {
    const to = { port: Number(new URL(url).port), host: '127.0.0.1' }
    if (url === plain) return connectSocket(to)
    return connectSecurely({ ...to, servername: 'localhost', ca, ALPNProtocols: ['h2'] })
  }
  const ways = [plain, secure].flatMap(url => [
    { url, leave: (socket: Socket) => socket.destroy() },
    { url, leave: (socket: Socket) => socket.end() },
  ])
  for (const [index, { url, leave }] of ways.entries()) {
    const socket = opened(url)
    const vanishing = connect(url, { createConnection: () => socket }).on('error', () => {})
    vanishing.request({ ':path': '/hold' }).on('error', () => {})
    await ask(vanishing, '/parts')
    leave(socket)
    await served.running.waitForTimes('HOLD CLOSED', index + 1)
  }
})

test('without keepAlive a connection ends with its first request', async () => {
  const { served, plain } = await serveBoth('./streams.js:node', ['--keep-alive', '0'])
  await using _ = served
  const session = connect(plain)
  const closed = once(session, 'close')
  expect((await ask(session, '/')).status).toBe(200)
  await closed
})

test('a reload finishes the streams in flight, and new ones go to the new worker', async () => {
  const { served, secure } = await serveBoth('./streams.js:node')
  await using _ = served
  const session = connect(secure, { ca })
  const { pid } = JSON.parse((await ask(session, '/')).text)
  const slow = ask(session, '/slow')
  const goaway = once(session, 'goaway')
  served.running.signal('SIGHUP')
  expect((await goaway)[0]).toBe(0)
  expect(await slow).toMatchObject({ status: 200, text: 'slow' })
  await once(session, 'close')
  const next = connect(secure, { ca })
  expect(JSON.parse((await ask(next, '/')).text).pid).not.toBe(pid)
  next.close()
  expect(await served.stop()).toEqual({ code: 0, signal: null })
})

describe('what does not go together ends the start', () => {
  const pair = (): readonly string[] => ['--certfile', server.certfile, '--keyfile', server.keyfile]
  test.each([
    ['thread-pool', ['-b', 'https://127.0.0.1:0'], /Worker class "thread-pool" does not speak HTTP\/2/],
    ['sync', ['-b', 'https://127.0.0.1:0'], /Worker class "sync" does not speak HTTP\/2/],
  ])('the worker class %s', async (workerClass, args, message) => {
    const all = ['./streams.js:node', '-k', workerClass, ...args, ...pair(), '--http2', 'on']
    await using running = await startTunicorn({ cwd: apps, args: all })
    await expectOneMessage(running, 1, message)
  })

  test.each([
    [['--http2', 'on'], /`http2` needs `certfile`, since clients ask for it in the TLS handshake/],
    [['-b', 'h2c://127.0.0.1:0'], /`h2c:\/\/` in `bind` is HTTP\/2: set `http2` to on/],
  ])('%j', async (args, message) => {
    await using running = await startTunicorn({ cwd: apps, args: ['./streams.js:node', ...usual, ...args] })
    await expectOneMessage(running, 1, message)
  })
})
