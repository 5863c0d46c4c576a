import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { loadCommand, loadObject } from './load.js'
import { createProject, esmPackage, plainProject, workerClassSource } from './project.js'

const appFlag = { app: ['./app.js'] }

test('an app alone is enough: everything else has a default', async () => {
  await using project = await plainProject()
  const config = await loadCommand(project, { flags: appFlag })
  const [group] = config.groups
  expect(group?.name).toBe('default')
  expect(group?.workers).toBe(1)
  expect(group?.addresses).toEqual([{ type: 'tcp', host: '127.0.0.1', port: 8000 }])
  expect(group?.app).toEqual({
    url: pathToFileURL(join(project.path, 'app.js')).href,
    exportName: '',
    specifier: './app.js',
  })
  expect(group?.workerClass.definition.name).toBe('event-loop')
  expect(group?.settings.timeout).toBe(30)
  expect(group?.given).toEqual(new Set(['app']))
  expect(config.arbiter).toMatchObject({ chdir: project.path, pidfile: '', errorLog: '-', logLevel: 'info' })
  expect(config.file).toBeUndefined()
})

test('a setting comes from the flag, then TUNICORN_CMD_ARGS, the config file, the environment, the class, the default', async () => {
  await using project = await plainProject({
    'tunicorn.config.json': JSON.stringify({ workers: 4, timeout: 4, keepAlive: 4, app: './app.js' }),
    ...esmPackage(
      '@tunicorn/worker-event-loop',
      workerClassSource('event-loop', 'defaults: { timeout: 6, keepAlive: 6, maxRequests: 6, backlog: 6 },'),
    ),
  })
  const config = await loadCommand(project, {
    flags: { timeout: ['2'] },
    environmentFlags: { timeout: ['3'], keepAlive: ['3'] },
    env: { WEB_CONCURRENCY: '5', PORT: '5005' },
  })
  const [group] = config.groups
  expect(group?.settings).toMatchObject({ timeout: 2, keepAlive: 3, workers: 4, maxRequests: 6, backlog: 6 })
  expect(group?.settings.bind).toEqual(['0.0.0.0:5005'])
  expect(group?.settings.bootTimeout).toBe(60)
  expect(Object.fromEntries(config.sources.get('default') ?? [])).toMatchObject({
    timeout: 'flag',
    keepAlive: 'TUNICORN_CMD_ARGS',
    workers: 'config file',
    bind: 'environment',
    maxRequests: 'worker class',
    bootTimeout: 'default',
  })
  expect(group?.given).toEqual(new Set(['app', 'timeout', 'keepAlive', 'workers', 'bind']))
})

test('the environment gives workers, the bind and the trusted peers when nothing above it does', async () => {
  await using project = await plainProject()
  const env = { WEB_CONCURRENCY: '3', PORT: '9000', FORWARDED_ALLOW_IPS: '10.0.0.0/8, ::1' }
  const fromEnvironment = await loadCommand(project, { flags: appFlag, env })
  expect(fromEnvironment.groups[0]?.settings).toMatchObject({
    workers: 3,
    bind: ['0.0.0.0:9000'],
    forwardedAllowIps: ['10.0.0.0/8', '::1'],
  })
  const fromFlags = await loadCommand(project, {
    flags: { ...appFlag, bind: ['[::1]:1', 'unix:a.sock'] },
    env,
  })
  expect(fromFlags.groups[0]?.addresses).toEqual([
    { type: 'tcp', host: '::1', port: 1 },
    { type: 'unix', path: join(project.path, 'a.sock'), mode: 0o600 },
  ])
})

test('an empty environment variable counts as not set', async () => {
  await using project = await plainProject()
  const config = await loadCommand(project, { flags: appFlag, env: { WEB_CONCURRENCY: '', PORT: ' ' } })
  expect(config.groups[0]?.workers).toBe(1)
  expect(config.groups[0]?.settings.bind).toEqual(['127.0.0.1:8000'])
})

test('a wrong environment variable is no problem while something else gives the setting', async () => {
  await using project = await plainProject()
  const env = { PORT: '/pipe/of/another/host' }
  await expect(loadCommand(project, { flags: { ...appFlag, bind: [':0'] }, env })).resolves.toBeDefined()
  await expect(loadCommand(project, { flags: appFlag, env })).rejects.toThrow(
    'from environment variable PORT',
  )
})

test('workers `auto` becomes a real number', async () => {
  await using project = await plainProject()
  const config = await loadCommand(project, { flags: { ...appFlag, workers: ['auto'] } })
  expect(config.groups[0]?.settings.workers).toBe('auto')
  expect(config.groups[0]?.workers).toBeGreaterThanOrEqual(1)
})

test('of env and worker options each key is overridden on its own', async () => {
  await using project = await plainProject({
    'tunicorn.config.json': JSON.stringify({
      app: './app.js',
      env: { A: 'file', B: 'file' },
      workerOptions: { threads: 1, mode: 'file' },
    }),
    ...esmPackage(
      '@tunicorn/worker-event-loop',
      workerClassSource(
        'event-loop',
        `options: { '~standard': { version: 1, vendor: 'test', validate: value => ({ value }) } },`,
      ),
    ),
  })
  const flags = {
    env: ['B=flag=x', 'C='],
    workerOptions: ['threads=8', 'name=eight', 'list=[1,"a"]', 'on=true'],
  }
  const [group] = (await loadCommand(project, { flags })).groups
  expect(group?.settings.env).toEqual({ A: 'file', B: 'flag=x', C: '' })
  expect(group?.settings.workerOptions).toEqual({
    threads: 8,
    mode: 'file',
    name: 'eight',
    list: [1, 'a'],
    on: true,
  })
})

test('groups override the shared settings, and shared flags reach every group', async () => {
  await using project = await plainProject({
    'other.js': '',
    'tunicorn.config.json': JSON.stringify({
      app: './app.js',
      workers: 2,
      env: { SHARED: '1' },
      logLevel: 'debug',
      groups: {
        web: { bind: ':8001' },
        api: { bind: ['unix:api.sock', ':8002'], app: './other.js:handler', workers: 3, env: { OWN: '1' } },
      },
    }),
  })
  const config = await loadCommand(project, { flags: { timeout: ['7'] } })
  const [web, api] = config.groups
  expect([web?.name, web?.workers, web?.app.specifier, web?.settings.timeout]).toEqual([
    'web',
    2,
    './app.js',
    7,
  ])
  expect([api?.name, api?.workers, api?.app.exportName, api?.settings.timeout]).toEqual([
    'api',
    3,
    'handler',
    7,
  ])
  expect(api?.settings.env).toEqual({ SHARED: '1', OWN: '1' })
  expect(config.arbiter.logLevel).toBe('debug')
  expect(config.sources.get('')?.get('logLevel')).toBe('config file')
  expect([...config.sources.keys()]).toEqual(['', 'web', 'api'])
})

test('one group in the config file takes its app, bind and worker class from flags too', async () => {
  await using project = await plainProject({
    'tunicorn.config.json': JSON.stringify({ groups: { web: { bind: ':8001' } } }),
  })
  const flags = { ...appFlag, bind: [':8002'], workerClass: ['event-loop'] }
  const config = await loadCommand(project, { flags })
  expect(config.groups.map(({ name, settings }) => [name, settings.bind])).toEqual([['web', [':8002']]])
})

test('durations take fractions and sizes take units', async () => {
  await using project = await plainProject()
  const flags = { ...appFlag, timeout: ['0.25'], limitRequestBody: ['1.5mb'], limitRequestLine: ['4096'] }
  const fromFlags = await loadCommand(project, { flags })
  expect(fromFlags.groups[0]?.settings).toMatchObject({
    timeout: 0.25,
    limitRequestBody: 1_572_864,
    limitRequestLine: 4096,
  })
  const fromObject = await loadObject(project, { app: './app.js', limitRequestBody: '512MB', keepAlive: 0.5 })
  expect(fromObject.groups[0]?.settings).toMatchObject({ limitRequestBody: 536_870_912, keepAlive: 0.5 })
})

test('the umask is octal on the command line', async () => {
  await using project = await plainProject()
  for (const text of ['022', '22', '0o22']) {
    const config = await loadCommand(project, { flags: { ...appFlag, umask: [text] } })
    expect(config.arbiter.umask).toBe(0o22)
  }
})

test('chdir is where paths and packages are resolved from, and where the config file is looked for', async () => {
  await using outer = await createProject({
    'inner/sub/app.js': '',
    'inner/tunicorn.config.json': JSON.stringify({
      app: './sub/app.js',
      pidfile: 'run.pid',
      errorLog: 'log.txt',
    }),
    'shared.json': JSON.stringify({ chdir: 'inner' }),
  })
  await outer.write(
    Object.fromEntries(
      Object.entries(esmPackage('@tunicorn/worker-event-loop', workerClassSource('event-loop'))).map(
        ([name, content]) => [`inner/${name}`, content],
      ),
    ),
  )
  const inner = join(outer.path, 'inner')
  const fromFlag = await loadCommand(outer, { flags: { chdir: ['inner'] } })
  expect(fromFlag.arbiter).toMatchObject({
    chdir: inner,
    pidfile: join(inner, 'run.pid'),
    errorLog: join(inner, 'log.txt'),
  })
  expect(fromFlag.file).toBe(join(inner, 'tunicorn.config.json'))

  const fromFile = await loadCommand(outer, { config: 'shared.json', flags: { app: ['./sub/app.js'] } })
  expect(fromFile.arbiter.chdir).toBe(inner)
})

test('the config file that a flag names goes before the one in TUNICORN_CMD_ARGS', async () => {
  await using project = await plainProject({
    'one.json': '{ "app": "./app.js", "workers": 1 }',
    'two.json': '{ "app": "./app.js", "workers": 2 }',
  })
  const both = await loadCommand(project, { config: 'one.json', environmentConfig: 'two.json' })
  expect(both.groups[0]?.workers).toBe(1)
  const environmentOnly = await loadCommand(project, { environmentConfig: 'two.json' })
  expect(environmentOnly.groups[0]?.workers).toBe(2)
})

test('a second config file that is not used is told', async () => {
  await using project = await plainProject({
    'tunicorn.config.js': `export default { app: './app.js' }`,
    'tunicorn.config.json': '{}',
  })
  const config = await loadCommand(project)
  expect(config.file).toBe(join(project.path, 'tunicorn.config.js'))
  expect(config.warnings).toEqual([
    'Of tunicorn.config.js, tunicorn.config.json only tunicorn.config.js is used',
  ])
})

test('an embedded configuration has the source `config` and looks for no file', async () => {
  await using project = await plainProject({ 'tunicorn.config.json': '{ "workers": 9 }' })
  const config = await loadObject(project, { app: './app.js', workers: undefined, timeout: 1 })
  expect(config.groups[0]?.workers).toBe(1)
  expect(config.sources.get('default')?.get('timeout')).toBe('config')
})

test.each([1, 3])('a value is checked once in its layer, however many groups share it: %i', async count => {
  await using project = await plainProject()
  let reads = 0
  const forwardedAllowIps = Object.defineProperty([], 0, {
    enumerable: true,
    get() {
      reads += 1
      return '127.0.0.1'
    },
  })
  const names = Array.from({ length: count }, (_, index) => `group-${index}`)
  const groups = Object.fromEntries(names.map(name => [name, { app: './app.js', bind: '127.0.0.1:0' }]))
  const config = await loadObject(project, { forwardedAllowIps, groups })
  expect(config.groups.map(group => group.settings.forwardedAllowIps)).toEqual(names.map(() => ['127.0.0.1']))
  expect(reads).toBe(1)
})
