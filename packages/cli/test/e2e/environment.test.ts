/** What workers find in their environment, and which options of Node.js they run with. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { startProcess, startTunicorn, testNode, tunicornMain } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { createProject } from '../integration/project.js'
import { serve, usual, whenServing } from './support/served.js'

const shows = `export default (_req, res) => {
  const { A, B, C, D, PRELOADED } = process.env
  res.end(JSON.stringify({ A, B, C, D, preloaded: globalThis.preloaded, execArgv: process.execArgv }))
}`
const one = ['-w', '1']

test('variables come from the files, then the real environment, then `env`', async () => {
  await using project = await createProject({
    'app.mjs': shows,
    '.env': 'A=first\nB=first\nC=first # why\nD="two\nlines"\n',
    'more.env': 'B=second\n',
  })
  const args = [...one, '--env-file', '.env', '--env-file', 'more.env', '-e', 'A=setting']
  await using server = await serve('./app.mjs', { cwd: project.path, env: { C: 'real', A: 'real' }, args })
  expect(JSON.parse((await server.ask('/')).text)).toMatchObject({
    A: 'setting',
    B: 'second',
    C: 'real',
    D: 'two\nlines',
  })
})

test('a reload reads the file again: new values come, deleted ones go, and a file that is gone keeps the old', async () => {
  await using project = await createProject({ 'app.mjs': shows, '.env': 'A=1\nB=1\n' })
  const file = `${project.path}/.env`
  await using server = await serve('./app.mjs', { cwd: project.path, args: [...one, '--env-file', '.env'] })
  expect(JSON.parse((await server.ask('/')).text)).toMatchObject({ A: '1', B: '1' })
  await writeFile(file, 'A=2\n')
  server.running.signal('SIGHUP')
  // Until then it answers over the connection that it has.
  await server.running.waitForOutput(/Worker exiting/)
  const after: unknown = JSON.parse((await server.ask('/')).text)
  expect(after).toMatchObject({ A: '2' })
  expect(after).not.toHaveProperty('B')
  await rm(file)
  server.running.signal('SIGHUP')
  await server.running.waitForOutput(/`envFile`[^\n]*\.env[^\n]*ENOENT/)
  expect(JSON.parse((await server.ask('/')).text)).toMatchObject({ A: '2' })
})

test('workers and not the arbiter run with `nodeOptions`', async () => {
  await using project = await createProject({
    'app.mjs': shows,
    'pre.mjs': "globalThis.preloaded = true; console.log('preloaded by', process.pid)",
  })
  const args = [...one, '--node-option', '--import', '--node-option', './pre.mjs']
  await using server = await serve('./app.mjs', { cwd: project.path, args })
  expect(JSON.parse((await server.ask('/')).text)).toMatchObject({ preloaded: true })
  expect(server.output.match(/preloaded by/g)).toHaveLength(1)
  expect(server.output).not.toMatch(new RegExp(`preloaded by ${server.running.pid}\\b`))
})

test.each([
  [['--bogus'], /`nodeOptions`[^\n]*bad option: --bogus/],
  [['--import'], /`nodeOptions`[^\n]*--import requires an argument/],
  [['./other.mjs'], /`nodeOptions`[^\n]*begins with "-"/],
])('what Node.js does not take is an error of the configuration: %j', async (options, message) => {
  await using project = await createProject()
  const args = ['./app.mjs', ...usual, ...options.flatMap(option => ['--node-option', option])]
  await using running = await startTunicorn({ cwd: project.path, args })
  expect((await running.exited).code).toBe(1)
  expect(running.output).toMatch(message)
})

test('paths in the options that Node.js was started with hold in another directory, and `--env-file` is not read again', async () => {
  await using project = await createProject({
    'sub/app.mjs': shows,
    'pre.mjs': 'globalThis.preloaded = true',
    '.env': 'A=1\n',
  })
  const flags = ['--env-file=.env', '--import', './pre.mjs']
  await using running = await startProcess(
    testNode(),
    [...flags, tunicornMain, './app.mjs', '--chdir', 'sub', ...usual, ...one],
    { cwd: project.path },
  )
  await using server = await whenServing(running)
  await rm(`${project.path}/.env`)
  const { execArgv, ...rest } = JSON.parse((await server.ask('/')).text)
  expect(rest).toEqual({ A: '1', preloaded: true })
  expect(execArgv).toEqual(['--import', expect.stringMatching(/^file:.*\/pre\.mjs$/)])
  server.running.signal('SIGHUP')
  await running.waitForOutput(/Reload done/)
})

test('so do those in NODE_OPTIONS', async () => {
  await using project = await createProject({ 'sub/app.mjs': shows })
  await mkdir(`${project.path}/a b`)
  await writeFile(`${project.path}/a b/pre.mjs`, 'globalThis.preloaded = true')
  await using server = await serve('./app.mjs', {
    cwd: project.path,
    env: { NODE_OPTIONS: '--no-warnings --import "./a b/pre.mjs"' },
    args: [...one, '--chdir', 'sub'],
  })
  expect(JSON.parse((await server.ask('/')).text)).toMatchObject({ preloaded: true })
})

test.each(['at once', 'later'])(
  'a listener of a preloaded module that ends the process does not cut a drain: added %s',
  async when => {
    const listen = "process.on('SIGTERM', () => Promise.resolve().finally(() => process.exit(0)))"
    await using project = await createProject({
      'app.mjs': `export default (req, res) => {
      if (req.url !== '/slow') return res.end('quick')
      console.log('slow begun')
      setTimeout(() => res.end('whole'), 1_000)
    }`,
      'pre.mjs': when === 'at once' ? listen : `setTimeout(() => { ${listen} }, 50).unref()`,
    })
    await using server = await serve('./app.mjs', {
      cwd: project.path,
      env: { NODE_OPTIONS: '--import ./pre.mjs' },
      args: one,
    })
    const slow = server.ask('/slow')
    await server.running.waitForOutput(/slow begun/)
    server.running.signal('SIGTERM')
    await server.running.waitForOutput(/preloaded[^\n]*SIGTERM/)
    expect((await slow).text).toBe('whole')
    expect(await server.running.exited).toEqual({ code: 0, signal: null })
  },
)
