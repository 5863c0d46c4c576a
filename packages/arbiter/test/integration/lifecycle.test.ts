import { once } from 'node:events'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import {
  bootedPids,
  connectionTo,
  isAlive,
  rawExchange,
  startProcess,
  temporaryDirectory,
  testNode,
} from '@tunicorn/harness'
import { describe, expect, it, vi } from 'vitest'
import { ask, fixtures, runArbiter, servingAt } from '../support/run-arbiter.js'

describe('a worker that is to drain while it begins to serve', () => {
  const late = { workers: 1, workerClass: './late-class.mjs' }

  it('drains when it serves', async () => {
    await using server = await runArbiter({ ...late, env: { SERVE_AFTER_MS: '300' } })
    await server.waitForOutput(/serve begun/)
    expect((await server.stop('SIGTERM')).code).toBe(0)
    expect(server.output).toMatch(/serve ended[\s\S]*drain begun/)
    expect(server.output).toContain('it exited with code 0')
  })

  it('drains also when it fails to serve, and says why', async () => {
    const env = { SERVE_AFTER_MS: '300', SERVE_FAILS: 'yes' }
    await using server = await runArbiter({ ...late, env })
    await server.waitForOutput(/serve begun/)
    expect((await server.stop('SIGTERM')).code).toBe(0)
    expect(server.output).toMatch(/failed to serve while it was to drain[\s\S]*served and failed/)
    expect(server.output).toContain('drain begun')
    expect(server.output).toContain('it exited with code 0')
  })

  it('drains at the deadline when it never serves', async () => {
    await using server = await runArbiter({
      ...late,
      gracefulTimeout: 1,
      env: { SERVE_AFTER_MS: 'never' },
    })
    await server.waitForOutput(/serve begun/)
    expect((await server.stop('SIGTERM')).code).toBe(0)
    expect(server.output).toContain('drain begun')
    expect(server.output).not.toContain('serve ended')
  })
})

it('a worker that is to drain before it has all its listeners drains at once', async () => {
  await using server = await runArbiter({
    workers: 1,
    workerClass: './slow-handle-class.mjs',
    bind: ['127.0.0.1:0', '127.0.0.1:0'],
    gracefulTimeout: 600,
  })
  await server.waitForOutput(/^busy$/m)
  expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(server.output).toContain('it exited with code 0')
})

it('a stop in the first moments ends with the exit code of a stop and with its last line', async () => {
  await using server = await runArbiter({ app: './stops-its-arbiter.mjs', workers: 1 })
  expect(await server.exited).toEqual({ code: 0, signal: null })
  expect(server.output).toContain('Shutting down: Master (arbiter)')
})

it('a server that is to be parked while it starts says that it is not, and serves', async () => {
  await using server = await runArbiter({ app: './parks-its-arbiter.mjs', workers: 1 })
  const url = await servingAt(server)
  expect((await ask(url)).pid).toBe(bootedPids(server)[0])
  await server.waitForOutput(/Not parked: the server is still starting/)
  expect((await server.stop()).code).toBe(0)
})

it('a stop while the first hook waits ends the server before it has bound anything', async () => {
  await using directory = await temporaryDirectory()
  const config = `${directory.path}/tunicorn.config.mjs`
  const hook = `onStarting() { process.kill(process.pid, 'SIGTERM'); return new Promise(() => {}) }`
  await writeFile(config, `export default { app: 'app.mjs', ${hook} }`)
  await using server = await startProcess(testNode(), [`${fixtures}run-file.mjs`, config], { cwd: fixtures })
  expect(await server.exited).toEqual({ code: 0, signal: null })
  expect(server.output).not.toContain('Listening at')
})

describe('starting', () => {
  it('binds, boots the workers and says so in the words that operators know', async () => {
    await using server = await runArbiter()
    const url = await servingAt(server)
    await ask(url)
    expect(server.output).toMatch(/Starting tunicorn \d/)
    expect(server.output).toContain(`Listening at: ${url} (${server.pid})`)
    expect(server.output).toContain('Using worker: plain')
    expect(bootedPids(server)).toHaveLength(2)
  })

  it('serves on IPv6 and on a Unix socket together, and removes the socket at the end', async () => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/app.sock`
    await using server = await runArbiter({ bind: ['[::1]:0', `unix:${path}`] })
    const url = await servingAt(server)
    expect((await ask(url)).pid).toBeGreaterThan(0)
    const answer = await rawExchange(connectionTo(`unix:${path}`), 'GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    expect(answer.toString()).toContain('200 OK')
    expect((await server.stop('SIGTERM')).code).toBe(0)
    await expect(stat(path)).rejects.toThrow('ENOENT')
  })

  it('serves on an open descriptor that it was given', async () => {
    const listening = createServer().listen(0, '127.0.0.1')
    await once(listening, 'listening')
    const handle: unknown = Reflect.get(listening, '_handle')
    const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined
    await using server = await runArbiter({ bind: 'fd://3' }, [Number(fd)])
    listening.close()
    const url = await servingAt(server)
    expect((await ask(url)).pid).toBeGreaterThan(0)
    await server.stop()
  })

  it('says so when a descriptor is not a socket', async () => {
    await using server = await runArbiter({ bind: 'fd://99' })
    expect((await server.exited).code).toBe(1)
    expect(server.output).toContain('BIND_FAILED: Cannot use fd://99')
  })

  it('takes over a stale Unix socket and never a live one', async () => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/app.sock`
    await using first = await runArbiter({ bind: `unix:${path}` })
    await first.waitForOutput(/^serving/m)
    await using thief = await runArbiter({ bind: `unix:${path}` })
    expect((await thief.exited).code).toBe(1)
    expect(thief.output).toContain('already in use')
    await first.stop('SIGKILL')
    await using heir = await runArbiter({ bind: `unix:${path}` })
    await heir.waitForOutput(/^serving/m)
    await heir.stop()
  })

  it('names the address that is in use, and leaves nothing running', async () => {
    await using first = await runArbiter()
    const { port } = new URL(await servingAt(first))
    await using second = await runArbiter({ bind: `127.0.0.1:${port}` })
    expect((await second.exited).code).toBe(1)
    expect(second.output).toContain(
      `BIND_FAILED: Cannot bind 127.0.0.1:${port}: the address is already in use`,
    )
    expect(bootedPids(second)).toHaveLength(0)
  })

  it('writes its process id to the pidfile, refuses that of a live process and removes its own', async () => {
    await using directory = await temporaryDirectory()
    const pidfile = `${directory.path}/pid`
    await writeFile(pidfile, '999999999\n')
    await using first = await runArbiter({ pidfile })
    await servingAt(first)
    expect(await readFile(pidfile, 'utf8')).toBe(`${first.pid}\n`)
    await using second = await runArbiter({ pidfile })
    expect((await second.exited).code).toBe(1)
    expect(second.output).toContain(`names process ${first.pid}, which is running`)
    await first.stop()
    await expect(stat(pidfile)).rejects.toThrow('ENOENT')
  })
})

describe('the log', () => {
  it('goes to a file, which USR1 reopens', async () => {
    await using directory = await temporaryDirectory()
    const file = `${directory.path}/error.log`
    await using server = await runArbiter({ errorLog: file })
    const url = await servingAt(server)
    await rename(file, `${file}.1`)
    server.signal('SIGUSR1')
    await vi.waitFor(() => stat(file), { timeout: 10_000 })
    const { pid } = await ask(url)
    expect((await server.stop()).code).toBe(0)
    expect(await readFile(`${file}.1`, 'utf8')).toContain('Listening at')
    expect(await readFile(file, 'utf8')).toMatch(
      new RegExp(`Worker exiting \\(pid: ${pid}\\)[\\s\\S]*Shutting down: Master`),
    )
  })

  it('ends the start when its file cannot be written', async () => {
    await using server = await runArbiter({ errorLog: '/nowhere/error.log' })
    expect((await server.exited).code).toBe(1)
    expect(server.output).toContain('LOG_FAILED: The log file /nowhere/error.log could not be opened')
  })
})

describe('a start that fails', () => {
  it.each([
    ['an app that throws', './throws.mjs', 4, 'the app is broken on purpose'],
    ['an app with a syntax error', './syntax-error.mjs', 4, 'SyntaxError'],
    ['a module that exports no app', './no-app.mjs', 4, 'exports neither `default` nor `app`'],
    ['an export that is not an app', './not-an-app.mjs', 4, 'is not an app: it is `'],
    [
      'an app of another kind',
      './asgi-app.mjs',
      4,
      'is of kind `asgi`, but the worker class "plain" runs node. For apps of kind `asgi`: npm install @tunicorn/worker-asgi, and `workerClass: \'asgi\'`',
    ],
    ['an app that ends the process', './exits.mjs', 3, 'before it was ready'],
  ])('exits with the documented code for %s', async (_what, app, code, message) => {
    await using server = await runArbiter({ app, workers: 3 })
    expect(await server.exited).toEqual({ code, signal: null })
    expect(server.output).toContain(message)
    await server.closed
    await expect.poll(() => bootedPids(server).filter(isAlive)).toEqual([])
  })

  it('exits with 3 when no worker boots in time', async () => {
    await using server = await runArbiter({ app: './hangs.mjs', bootTimeout: 0.5 })
    expect((await server.exited).code).toBe(3)
    expect(server.output).toContain('boot timeout of 0.5 s')
    expect(server.output).toMatch(/^BOOT_TIMEOUT: /m)
  })
})

describe('stopping', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)(
    'ends with 0 on %s and leaves no process',
    async signal => {
      await using server = await runArbiter()
      await servingAt(server)
      expect(await server.stop(signal)).toEqual({ code: 0, signal: null })
      expect(bootedPids(server).filter(isAlive)).toEqual([])
    },
  )

  it('lets a request in flight finish on TERM', async () => {
    await using server = await runArbiter()
    const url = await servingAt(server)
    const answer = ask(`${url}/slow?ms=800`)
    await ask(url)
    const stopped = server.stop('SIGTERM')
    expect((await answer).pid).toBeGreaterThan(0)
    expect((await stopped).code).toBe(0)
  })

  it('cuts what is left after the graceful timeout', async () => {
    await using server = await runArbiter({ gracefulTimeout: 0.5 })
    const url = await servingAt(server)
    const answer = ask(`${url}/slow?ms=20000`).catch((error: unknown) => error)
    await ask(url)
    expect((await server.stop('SIGTERM')).code).toBe(0)
    expect(await answer).toBeInstanceOf(Error)
  })

  it('kills when it is told to stop at once for the second time', async () => {
    await using server = await runArbiter()
    const url = await servingAt(server)
    const answer = ask(`${url}/slow?ms=20000`).catch((error: unknown) => error)
    await ask(url)
    server.signal('SIGQUIT')
    await server.waitForOutput(/Handling signal: quit/)
    expect((await server.stop('SIGINT')).code).toBe(0)
    expect(await answer).toBeInstanceOf(Error)
  })

  it('stops while its workers still boot', async () => {
    await using server = await runArbiter({ app: './hangs.mjs' })
    await server.waitForOutput(/Booting worker/)
    expect((await server.stop('SIGTERM')).code).toBe(0)
  })
})
