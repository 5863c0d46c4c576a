import { servingUrl, startTunicorn } from '@tunicorn/harness'
import { Agent, request } from 'undici'
import { expect, test } from 'vitest'
import { createProject, runToEnd } from './project.js'

test('--check-config says that all is well and exits with 0', async () => {
  await using project = await createProject()
  const { code, output } = await runToEnd(project, ['./app.mjs', '--check-config', '-b', '127.0.0.1:0'])
  expect(output).toMatch(/^Configuration OK$/m)
  expect(output).not.toContain('Listening at')
  expect(code).toBe(0)
})

test('--check-config loads the app, and an app that throws is exit code 4', async () => {
  await using project = await createProject({ 'bad.mjs': `throw new Error('no database')` })
  const { code, output } = await runToEnd(project, ['./bad.mjs', '--check-config', '-b', '127.0.0.1:0'])
  expect(output).toMatch(/^tunicorn: .*no database/m)
  expect(output).not.toContain('Configuration OK')
  expect(code).toBe(4)
})

test('--check-config of a wrong configuration is exit code 1', async () => {
  await using project = await createProject()
  const { code, output } = await runToEnd(project, ['./app.mjs', '--check-config', '-w', 'x'])
  expect(output).toMatch(/^tunicorn: Expected `workers`/)
  expect(code).toBe(1)
})

test('--check-config waits for a config function while nothing else keeps the process alive', async () => {
  const slow = `export default () => new Promise(resolve => {
    setTimeout(resolve, 100, { app: './app.mjs', bind: '127.0.0.1:0' }).unref()
  })`
  await using project = await createProject({ 'tunicorn.config.mjs': slow })
  const { code, output } = await runToEnd(project, ['--check-config'])
  expect(output).toMatch(/^Configuration OK$/m)
  expect(code).toBe(0)
})

for (const [what, name, content, code] of [
  ['an app', 'app.js', 'export default (req, res) => res.end()', 4],
  ['an app that imports', 'app.js', `import 'node:fs'`, 4],
  ['a config file', 'tunicorn.config.js', `export default { app: './app.mjs' }`, 1],
] as const)
  test(`${what} that is an ES module where Node expects CommonJS is told how to be one`, async () => {
    await using project = await createProject({ [name]: content, 'package.json': '{ "type": "commonjs" }' })
    const app = code === 4 ? [`./${name}`] : []
    const ending = await runToEnd(project, [...app, '--check-config', '-b', '127.0.0.1:0'])
    expect(ending.output).toMatch(/^tunicorn: .* could not be loaded: SyntaxError: /m)
    expect(ending.output).toContain(
      `. Node takes ${project.path}/${name} for CommonJS: name it .mjs, or put "type": "module" into its package.json\n`,
    )
    expect(ending.code).toBe(code)
  })

test('--check-config beside the server that is to be reloaded says that all is well, and leaves it alone', async () => {
  const config = `export default {
    app: './app.mjs',
    groups: {
      web: { bind: process.env.WEB ?? '127.0.0.1:0' },
      local: { bind: 'unix:./local.sock' },
    },
  }`
  await using project = await createProject({ 'tunicorn.config.mjs': config })
  await using server = await startTunicorn({ args: [], cwd: project.path })
  await server.waitForOutput(/Listening at: unix:/)
  const url = await servingUrl(server)
  const { code, output } = await runToEnd(project, ['--check-config'], { WEB: new URL(url).host })
  expect(output).toMatch(/^Configuration OK$/m)
  expect(output).toContain(`${new URL(url).host} is in use, and so it was not checked`)
  expect(code).toBe(0)
  expect(server.output).not.toContain('Worker exiting')
  expect((await fetch(url)).status).toBe(200)
  const dispatcher = new Agent({ connect: { socketPath: `${project.path}/local.sock` } })
  const { statusCode } = await request('http://local/', { dispatcher })
  await dispatcher.close()
  expect(statusCode).toBe(200)
})

test('--check-config of an address that this machine does not have is exit code 1', async () => {
  await using project = await createProject()
  const { code, output } = await runToEnd(project, ['./app.mjs', '--check-config', '-b', '192.0.2.1:8000'])
  expect(output).toBe('tunicorn: Cannot bind 192.0.2.1:8000: this machine has no such address\n')
  expect(code).toBe(1)
})

for (const [what, args, message] of [
  [
    'a pidfile in a folder that is not there',
    ['--pid', '/nope/x.pid'],
    'The pidfile /nope/x.pid could not be written: its folder',
  ],
  [
    'a log file in a folder that is not there',
    ['--error-logfile', '/nope/a.log'],
    'The log file /nope/a.log could not be opened: ',
  ],
  [
    'an admin address that this machine does not have',
    ['--admin', '192.0.2.1:80'],
    'Cannot bind 192.0.2.1:80: this machine has no such',
  ],
] as const)
  test(`--check-config of ${what} is exit code 1, as the start would be`, async () => {
    await using project = await createProject()
    const usual = ['./app.mjs', '-b', '127.0.0.1:0', ...args]
    const { code, output } = await runToEnd(project, [...usual, '--check-config'])
    expect(output).toContain(`tunicorn: ${message}`)
    expect(output).not.toContain('Configuration OK')
    expect(code).toBe(1)
  })
