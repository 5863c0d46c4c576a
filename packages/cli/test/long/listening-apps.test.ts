/** Apps that listen by themselves, as people have them: unchanged, they are served by every worker. */
import { checkAllOk, LoadRun, Successors, startTunicorn, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, test } from 'vitest'
import { expectOneMessage } from '../e2e/support/expect-one-message.js'
import { freePort, isFree } from '../e2e/support/ports.js'
import { apps, serve, usual, whenServing } from '../e2e/support/served.js'
import { createProject } from '../integration/project.js'

const frameworks = [
  ['express5', 'express5.cjs'],
  ['express4', 'express4.cjs'],
  ['fastify', 'fastify.js'],
  ['koa', 'koa.js'],
  ['hono', 'hono.js'],
  ['plain', 'plain.cjs'],
  ['plain', 'plain.js'],
  ['plain', 'plain.ts'],
] as const

test.each(frameworks)('an app of %s that listens is served: %s', async (name, file) => {
  const port = await freePort()
  const env = { APP_PORT: String(port) }
  await using server = await serve(`./listening/${file}`, { env })
  expect((await server.ask('/')).text).toBe(`hello from ${name}`)
  const { text } = await server.post('/echo', { list: [1, 2, 3] })
  expect(JSON.parse(text)).toEqual({ received: { list: [1, 2, 3] } })
  // Its own port is not open, and it is told where it is served.
  expect(await isFree(port)).toBe(true)
  const [, told = '{}'] = await server.running.waitForOutput(/app at (\{.*\}) listening: true/)
  expect(JSON.parse(told)).toMatchObject({ address: '127.0.0.1', port: Number(new URL(server.url).port) })

  await using load = new LoadRun({ to: server.url })
  await load.waitForAnswers(50)
  server.running.signal('SIGHUP')
  await server.running.waitForOutput(/Reload done/)
  await load.waitForAnswers(50)
  checkAllOk(await load.stop())
  expect(await server.stop()).toEqual({ code: 0, signal: null })
  expect(server.output).not.toMatch(/error/i)
})

const alone = ['-k', 'event-loop', '-w', '2', '--canary-seconds', '0']

describe('without an address of its own, the server is where the app listens', () => {
  test('on the loopback interface, for an app that names it', async () => {
    const port = await freePort()
    const env = { APP_PORT: String(port) }
    const args = ['./listening/plain.js', ...alone]
    await using server = await whenServing(await startTunicorn({ cwd: apps, env, args }))
    expect(server.url).toMatch(`://127.0.0.1:${port}`)
    expect((await server.ask('/')).text).toBe('hello from plain')
    await server.running.waitForOutput(new RegExp(`app at .*"port":${port}`))
    server.running.signal('SIGHUP')
    await server.running.waitForOutput(/Reload done/)
    expect((await server.ask('/')).text).toBe('hello from plain')
    expect(await server.stop()).toEqual({ code: 0, signal: null })
    expect(server.output.match(/Listening at/g)).toHaveLength(1)
  })

  test('on every interface, for an app that names none', async () => {
    const port = await freePort()
    const env = { APP_PORT: String(port) }
    const args = ['./listening/express5.cjs', ...alone]
    await using server = await whenServing(await startTunicorn({ cwd: apps, env, args }))
    expect(new URL(server.url).port).toBe(String(port))
    const response = await fetch(`http://127.0.0.1:${port}/`)
    expect(await response.text()).toBe('hello from express5')
  })

  test('an upgrade takes the address over', async () => {
    const port = await freePort()
    const env = { APP_PORT: String(port) }
    const args = ['./listening/plain.js', ...alone]
    await using server = await whenServing(await startTunicorn({ cwd: apps, env, args }))
    using successors = new Successors(server.running)
    await using load = new LoadRun({ to: server.url })
    await load.waitForAnswers(20)
    await successors.upgrade()
    await load.waitForAnswers(20)
    checkAllOk(await load.stop())
    process.kill(successors.newest, 'SIGTERM')
    await server.running.closed
  })

  test('an app that exports is served at the default address', async () => {
    await using project = await createProject({ 'app.mjs': 'export default (_req, res) => res.end("it")\n' })
    await using running = await startTunicorn({ cwd: project.path, args: ['./app.mjs', ...alone] })
    // Somebody else may have it on this machine.
    await running.waitForOutput(/Listening at: http:\/\/127\.0\.0\.1:8000|Cannot bind 127\.0\.0\.1:8000/)
  })

  test('an address that is taken is one message', async () => {
    const port = await freePort()
    const env = { APP_PORT: String(port) }
    await using first = await serve('./listening/plain.js', { env, args: ['-b', `127.0.0.1:${port}`] })
    const args = ['./listening/plain.js', ...alone]
    await using running = await startTunicorn({ cwd: apps, env, args })
    await expectOneMessage(running, 1, new RegExp(`Cannot bind localhost:${port}`))
    expect((await first.ask('/')).status).toBe(200)
  })
})

test('PORT is both the address of the server and the port that the app asks for', async () => {
  const PORT = String(await freePort())
  await using project = await createProject({
    'app.cjs': `require('node:http').createServer((_req, res) => res.end('ok')).listen(process.env.PORT)\n`,
  })
  const running = await startTunicorn({ cwd: project.path, env: { PORT }, args: ['./app.cjs', ...alone] })
  await using server = await whenServing(running)
  expect(server.url).toBe(`http://0.0.0.0:${PORT}`)
  expect((await server.ask('/')).text).toBe('ok')
})

describe('a second server', () => {
  test('on a port that nothing binds ends the start, and names both', async () => {
    const env = { APP_PORT: '3000', METRICS_PORT: '9100' }
    await using running = await startTunicorn({
      cwd: apps,
      env,
      args: ['./listening/two-servers.cjs', ...usual],
    })
    await expectOneMessage(running, 4, /port 9100[\s\S]*port 3000|port 3000[\s\S]*port 9100/)
  })

  test('on a port that the configuration binds is served there', async () => {
    const port = await freePort()
    const env = { APP_PORT: '3000', METRICS_PORT: String(port) }
    const args = ['-b', `127.0.0.1:${port}`]
    await using server = await serve('./listening/two-servers.cjs', { env, args })
    expect((await server.ask('/')).text).toBe('the app')
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('the metrics')
    expect(await server.stop()).toEqual({ code: 0, signal: null })
  })

  test('on any port, at a path or of another protocol is left alone', async () => {
    await using directory = await temporaryDirectory()
    const env = { APP_PORT: '3000', SOCKETS: directory.path }
    await using server = await serve('./listening/left-alone.cjs', { env })
    expect((await server.ask('/')).text).toBe('the app')
    for (const what of ['any port', 'path', 'tcp'])
      await server.running.waitForOutput(new RegExp(`${what} true`))
  })
})

test('an app that neither exports nor listens fails at once, with both ways named', async () => {
  await using running = await startTunicorn({ cwd: apps, args: ['./listening/neither.cjs', ...usual] })
  await expectOneMessage(running, 4, /exports? nothing[\s\S]*listen/)
})

test('an app that waits and never listens fails within the boot timeout, with both ways named', async () => {
  await using project = await createProject({ 'app.mjs': 'setInterval(() => {}, 1000)\n' })
  const args = ['./app.mjs', ...usual, '--boot-timeout', '2']
  await using running = await startTunicorn({ cwd: project.path, args })
  await expectOneMessage(running, 4, /exports? nothing[\s\S]*listen/)
})

test('an app that exports and listens has one server', async () => {
  const port = await freePort()
  await using server = await serve('./listening/exports-too.cjs', { env: { APP_PORT: String(port) } })
  await server.running.waitForOutput(/listens/)
  expect((await server.ask('/')).text).toBe('hello from the export')
  expect(await isFree(port)).toBe(true)
})

test('an app that closes its server is replaced, and loses nothing', async () => {
  await using server = await serve('./listening/closes.cjs', { env: { APP_PORT: '3000' } })
  await using load = new LoadRun({ to: server.url })
  await load.waitForAnswers(20)
  const { text } = await server.ask('/close')
  await server.running.waitForOutput(/closed for good, listening: false/)
  await load.waitForAnswers(20)
  checkAllOk(await load.stop())
  expect(text).toMatch(/^pid \d+$/)
})

test('a server with TLS of its own is refused in a sentence', async () => {
  const env = { APP_PORT: '3000' }
  await using running = await startTunicorn({ cwd: apps, env, args: ['./listening/own-tls.cjs', ...usual] })
  await expectOneMessage(running, 4, /brings its own TLS/)
})

test('with the setting off, an app that listens is on its own', async () => {
  const port = await freePort()
  const args = ['./listening/exports-too.cjs', ...usual, '-w', '1', '--adopt-listen', 'false']
  await using server = await whenServing(
    await startTunicorn({ cwd: apps, env: { APP_PORT: String(port) }, args }),
  )
  await server.running.waitForOutput(/listens/)
  expect(await isFree(port)).toBe(false)
})

test.each(['thread-pool', 'sync'])('an app that listens is served by the class %s', async workerClass => {
  const port = await freePort()
  const env = { APP_PORT: String(port) }
  // The address that the app asks for: from a thread, too, it gets to the arbiter.
  const args = [
    './listening/express5.cjs',
    '-k',
    workerClass,
    '-w',
    '2',
    '--canary-seconds',
    '0',
    '--max-requests',
    '0',
  ]
  await using running = await startTunicorn({ cwd: apps, env, args })
  await running.waitForOutput(new RegExp(`app at .*"port":${port}.* listening: true`))
  const to = `http://127.0.0.1:${port}`
  await using load = new LoadRun({ to, check: ({ body }) => body })
  await load.waitForAnswers(10)
  running.signal('SIGHUP')
  await running.waitForOutput(/Reload done/)
  await load.waitForAnswers(10)
  const report = await load.stop()
  expect(await running.stop()).toEqual({ code: 0, signal: null })
  expect([...report.labels.keys()]).toEqual(['hello from express5'])
})
