/** What the access log says of real requests, under every worker class. */
import { readFile } from 'node:fs/promises'
import { connectionTo, rawExchange, startTunicorn, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, test } from 'vitest'
import { apps, type Served, serve, whenServing } from '../e2e/support/served.js'

interface Line {
  readonly method: string
  readonly target: string
  readonly status?: number
  readonly outcome: string
  readonly bytes?: number
  readonly ms: number
  readonly pid: number
}

/** The lines once the server has stopped. */
async function linesOf(server: Served, file: string): Promise<readonly Line[]> {
  await server.stop()
  const text = await readFile(file, 'utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line): Line => JSON.parse(line))
}

describe.each(['event-loop', 'sync', 'thread-pool'])('the worker class %s', workerClass => {
  test('logs status, bytes and outcome of every kind of response', async () => {
    await using directory = await temporaryDirectory()
    const file = `${directory.path}/access.log`
    const args = ['-k', workerClass, '--access-logfile', file, '--access-logformat', 'json']
    await using server = await serve('./plain-handler.js', { args })
    await server.ask('/')
    await server.ask('/', { method: 'HEAD' })
    await server.ask('/stream', { method: 'POST', body: 'x'.repeat(100_000) })
    await server.ask('/nothing')
    await server.ask('/error')
    const lines = await linesOf(server, file)
    expect(lines).toHaveLength(5)
    const find = (method: string, target: string): Line | undefined =>
      lines.find(line => line.method === method && line.target === target)
    expect(find('GET', '/')).toMatchObject({ status: 200, outcome: 'sent', bytes: 24 })
    expect(find('HEAD', '/')).toMatchObject({ status: 200, outcome: 'sent', bytes: 0 })
    expect(find('POST', '/stream')).toMatchObject({ status: 200, outcome: 'sent', bytes: 100_000 })
    expect(find('GET', '/nothing')).toMatchObject({ status: 404, outcome: 'sent', bytes: 0 })
    expect(find('GET', '/error')).toMatchObject({ status: 500, outcome: 'failed', bytes: 21 })
  })
})

test('the worker class asgi logs status and bytes', async () => {
  await using directory = await temporaryDirectory()
  const file = `${directory.path}/access.log`
  const args = ['../../../../worker-asgi/test/fixtures/stream.mjs', '-k', 'asgi', '-b', '127.0.0.1:0']
  await using server = await whenServing(
    await startTunicorn({
      cwd: apps,
      args: [...args, '--access-logfile', file, '--access-logformat', 'json'],
    }),
  )
  const { text } = await server.ask('/')
  const [line] = await linesOf(server, file)
  expect(line).toMatchObject({ method: 'GET', target: '/', status: 200, outcome: 'sent', bytes: text.length })
})

test("the default format is Gunicorn's", async () => {
  await using directory = await temporaryDirectory()
  const file = `${directory.path}/access.log`
  await using server = await serve('./plain-handler.js', { args: ['--access-logfile', file] })
  const headers = {
    authorization: `Basic ${Buffer.from('bob:secret').toString('base64')}`,
    referer: 'http://example.org/',
    'user-agent': 'a "quoted" name',
  }
  await server.ask('/', { headers })
  await server.stop()
  expect(await readFile(file, 'utf8')).toMatch(
    /^127\.0\.0\.1 - bob \[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "GET \/ HTTP\/1\.1" 200 24 "http:\/\/example\.org\/" "a \\"quoted\\" name"\n$/,
  )
})

test('fields and bytes of a response are known in Express, which changes its prototype', async () => {
  await using directory = await temporaryDirectory()
  const file = `${directory.path}/access.log`
  const format = '%(U)s %(s)s %(B)s %({Content-Type}o)s'
  const args = ['--access-logfile', file, '--access-logformat', format]
  await using server = await serve('./express/app.js', { args })
  await server.ask('/')
  await server.stop()
  expect(await readFile(file, 'utf8')).toBe('/ 200 18 text/plain; charset=utf-8\n')
})

test('fields that were given to `writeHead` are known too', async () => {
  await using directory = await temporaryDirectory()
  const file = `${directory.path}/access.log`
  const args = ['--access-logfile', file, '--access-logformat', '%(U)s %({content-length}o)s %({allow}o)s']
  await using server = await serve('./heads.js', { args })
  for (const path of ['/object', '/reason', '/list', '/pairs', '/set']) await server.ask(path)
  await server.stop()
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1)
  expect(lines.toSorted()).toEqual(
    ['/list', '/object', '/pairs', '/reason', '/set'].map(path => `${path} 5 GET`),
  )
})

test('a client that leaves is a line with 499, and a connection that the app took over one with the status of its answer', async () => {
  await using directory = await temporaryDirectory()
  const file = `${directory.path}/access.log`
  const args = ['-w', '1', '--access-logfile', file, '--access-logformat', 'json']
  await using server = await serve('./leaving.js', { args })
  await rawExchange(connectionTo(server.url), 'GET /wait HTTP/1.1\r\nhost: x\r\n\r\n', {
    until: /^HTTP\/1\.1 102/,
  })
  await rawExchange(
    connectionTo(server.url),
    'GET /upgrade HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: raw\r\n\r\n',
  )
  const lines = await linesOf(server, file)
  expect(lines.find(({ target }) => target === '/wait')).toMatchObject({
    status: 499,
    outcome: 'aborted',
    bytes: 0,
  })
  expect(lines.find(({ target }) => target === '/upgrade')).toMatchObject({ status: 101, outcome: 'sent' })
})

test('an unknown atom is an error that says where', async () => {
  const args = ['./hello.js', '-k', 'event-loop', '--access-logformat', '%(h)s %(nope)s']
  await using running = await startTunicorn({ cwd: apps, args })
  expect((await running.exited).code).toBe(1)
  expect(running.output).toContain('`%(nope)s` is not an atom, at position 7;')
})
