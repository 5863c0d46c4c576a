/** Starts that fail for what the app contains, for what others have, or for want of a privilege. */
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { type RunningProcess, startProcess, startTunicorn, testNode, tunicornMain } from '@tunicorn/harness'
import { describe, expect, test } from 'vitest'
import { createProject, type Project } from '../integration/project.js'
import { expectOneMessage } from './support/expect-one-message.js'
import { freePort } from './support/ports.js'
import { apps, serve, usual } from './support/served.js'

test('a syntax error is one message with the file and the line', async () => {
  await using project = await createProject({
    'broken.mjs': `import './deeper.mjs'\nexport default (_req, res) => res.end()\n`,
    'deeper.mjs': `const fine = 1\nexport default (fine => {\n`,
  })
  await using running = await startTunicorn({ cwd: project.path, args: ['./broken.mjs', ...usual] })
  await expectOneMessage(running, 4, /The app `\.\/broken\.mjs` could not be loaded: [\s\S]*SyntaxError/)
  expect(running.output).toMatch(/deeper\.mjs:\d/)
})

test('a syntax error in TypeScript is one message with the file and the line', async () => {
  await using project = await createProject({
    'broken.ts': 'const fine: number = 1\nexport default (fine =>\n',
  })
  await using running = await startTunicorn({ cwd: project.path, args: ['./broken.ts', ...usual] })
  await expectOneMessage(running, 4, /The app `\.\/broken\.ts` could not be loaded: [\s\S]*broken\.ts:\d/)
})

test.each([
  ['https', 'TLS'],
  ['http2', 'HTTP/2'],
  ['http2Secure', 'TLS and HTTP/2'],
  ['fastifyHttps', 'TLS'],
  ['fastifyHttp2', 'HTTP/2'],
  ['fastifyBoth', 'TLS and HTTP/2'],
])('an app that brings TLS or HTTP/2 is not served in plain text: %s', async (name, protocols) => {
  await using running = await startTunicorn({ cwd: apps, args: [`./own-tls.js:${name}`, ...usual] })
  await expectOneMessage(
    running,
    4,
    new RegExp(
      `brings its own ${protocols}, which would not be used: export it without, and ${protocols === 'HTTP/2' ? 'set `http2` to on' : 'give its certificate and key to Tunicorn: `certfile` and `keyfile`'}`,
    ),
  )
})

test('a port in use is one message that names it, and the server that has it goes on', async () => {
  const taken = createServer(socket => socket.end('mine')).listen(await freePort(), '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  const port = typeof address === 'object' ? address?.port : undefined
  await using project = await createProject()
  const args = ['./app.mjs', ...usual, '-b', `127.0.0.1:${port}`]
  await using running = await startTunicorn({ cwd: project.path, args })
  await expectOneMessage(
    running,
    1,
    new RegExp(`Cannot bind 127\\.0\\.0\\.1:${port}: the address is already in use\\. Stop the process`),
  )
  expect(taken.listening).toBe(true)
  await new Promise(resolve => taken.close(resolve))
})

test('two addresses of which one contains the other are refused before anything is served, and both are named', async () => {
  const port = await freePort()
  await using project = await createProject()
  const args = ['./app.mjs', ...usual, '-b', `0.0.0.0:${port}`, '-b', `[::]:${port}`]
  await using running = await startTunicorn({ cwd: project.path, args })
  const both = `Cannot bind \\[::\\]:${port}: it overlaps with 0\\.0\\.0\\.0:${port}: .* Leave 0\\.0\\.0\\.0:${port} out`
  await expectOneMessage(running, 1, new RegExp(both))
  expect(running.output).not.toContain('Listening at')
})

test('a start that fails is told in the log file too, with its error number', async () => {
  const taken = createServer().listen(await freePort(), '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  const port = typeof address === 'object' ? address?.port : undefined
  await using project = await createProject()
  const log = ['--error-logfile', 'tunicorn.log', '--log-format', 'json']
  const args = ['./app.mjs', ...usual, ...log, '-b', `127.0.0.1:${port}`]
  await using running = await startTunicorn({ cwd: project.path, args })
  await expectOneMessage(running, 1, /the address is already in use/)
  const lines = (await readFile(`${project.path}/tunicorn.log`, 'utf8')).trim().split('\n')
  expect(lines.map(line => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ level: 'error', code: 'BIND_FAILED', errno: 'EADDRINUSE' }),
  )
  taken.close()
})

test('the port of another tunicorn is in use, and its pidfile too', async () => {
  await using project = await createProject()
  const pidfile = `${project.path}/tunicorn.pid`
  await using first = await serve('./app.mjs', { cwd: project.path, args: ['--pid', pidfile] })
  const { host } = new URL(first.url)
  const common = ['./app.mjs', '-k', 'event-loop']
  await using second = await startTunicorn({ cwd: project.path, args: [...common, '-b', host] })
  await expectOneMessage(second, 1, /the address is already in use/)
  await using third = await startTunicorn({
    cwd: project.path,
    args: [...common, '-b', '127.0.0.1:0', '--pid', pidfile],
  })
  await expectOneMessage(third, 1, new RegExp(`names process ${first.running.pid}, which is running`))
  expect((await first.ask('/')).status).toBe(200)
  expect(await first.stop()).toEqual({ code: 0, signal: null })
})

describe('without a privilege', () => {
  test('a port below 1024 is one message that says which privilege it needs', async () => {
    await using project = await createProject()
    await using running = await startWithout(project, 'net_bind_service', ['-b', '127.0.0.1:1'])
    await expectOneMessage(
      running,
      1,
      /Cannot bind 127\.0\.0\.1:1: permission denied\. Ports below 1024 need/,
    )
  })

  test('a pidfile or a Unix socket in a folder that is read-only is one message', async () => {
    await using project = await createProject()
    await mkdir(`${project.path}/locked`)
    await writeFile(`${project.path}/locked/file`, '')
    await chmod(`${project.path}/locked`, 0o555)
    await using running = await startWithout(project, 'dac_override', ['--pid', 'locked/tunicorn.pid'])
    await expectOneMessage(
      running,
      1,
      /The pidfile \S*locked\/tunicorn\.pid could not be written: you may not write there\. Choose another path/,
    )
    await using second = await startWithout(project, 'dac_override', ['-b', 'unix:locked/app.sock'])
    await expectOneMessage(second, 1, /Cannot bind unix:.*locked\/app\.sock: permission denied/)
    expect(await readdir(`${project.path}/locked`)).toEqual(['file'])
    await chmod(`${project.path}/locked`, 0o755)
  })
})

/**
 * Starts the command as somebody who lacks a capability. Root has them all and gives this one up; another user has none.
 */
function startWithout(
  project: Project,
  capability: string,
  args: readonly string[],
): Promise<RunningProcess> {
  const command = [tunicornMain, './app.mjs', ...usual, ...args]
  if (process.getuid?.() !== 0) return startProcess(testNode(), command, { cwd: project.path })
  const drop = [`--bounding-set=-${capability}`, `--inh-caps=-${capability}`]
  return startProcess('setpriv', [...drop, testNode(), ...command], { cwd: project.path })
}

test('a config file that waits forever does not keep a server that is told to stop', async () => {
  await using project = await createProject({
    'tunicorn.config.mjs': `export default () => {
      process.kill(process.pid, 'SIGTERM')
      return new Promise(() => {})
    }`,
  })
  await using running = await startTunicorn({ cwd: project.path, args: [] })
  expect(await running.exited).toEqual({ code: 0, signal: null })
  expect(running.output).toBe('')
})
