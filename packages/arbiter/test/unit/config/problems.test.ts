import { expect, test } from 'vitest'
import { ConfigError } from '../../../src/config/config-issue.js'
import type { Flags } from '../../../src/config/flag-layer.js'
import { exitCodeFor } from '../../../src/exit-codes.js'
import { errorOf, issuesOf, loadCommand, loadObject } from './load.js'
import { createProject, esmPackage, plainProject, workerClassSource } from './project.js'

const wrongFlags: readonly (readonly [Flags['values'], string])[] = [
  [
    { workers: ['-1'] },
    'Expected `workers` to be a positive integer or "auto", got `-1` (number), from flag --workers',
  ],
  [
    { workers: ['many'] },
    'Expected `workers` to be a positive integer or "auto", got `"many"` (string), from flag --workers',
  ],
  [
    { timeout: ['-5'] },
    'Expected `timeout` to be a number of seconds from 0 to 2147483, got `-5` (number), from flag --timeout',
  ],
  [
    { timeout: ['3000000'] },
    'Expected `timeout` to be a number of seconds from 0 to 2147483, got `3000000` (number), from flag --timeout',
  ],
  [
    { maxRequests: ['1.5'] },
    'Expected `maxRequests` to be a whole number, 0 or more, got `1.5` (number), from flag --max-requests',
  ],
  [{ backlog: ['0'] }, 'Expected `backlog` to be a positive integer, got `0` (number), from flag --backlog'],
  [
    { limitRequestBody: ['5 parsecs'] },
    'Expected `limitRequestBody` to be a number of bytes, 0 or more, or a size such as "512mb", got `"5 parsecs"` (string), from flag --limit-request-body',
  ],
  [
    { umask: ['999'] },
    'Expected `umask` to be a mask from 0 to 0o777, or -1 for the inherited one, got `"999"` (string), from flag --umask',
  ],
  [
    { umask: ['8'] },
    'Expected `umask` to be a mask from 0 to 0o777, or -1 for the inherited one, got `"8"` (string), from flag --umask',
  ],
  [
    { maxRss: ['512'] },
    'Expected `maxRss` to be 0, or a size of at least "1mb" such as "512mb", got `512` (number), from flag --max-rss',
  ],
  [
    { logLevel: ['loud'] },
    'Expected `logLevel` to be one of "debug", "info", "warn", "error", got `"loud"` (string), from flag --log-level',
  ],
  [
    { env: ['NOVALUE'] },
    'Expected `env` to be variables with string values (KEY=VALUE on the command line), got `"NOVALUE"` (string), from flag --env',
  ],
  [
    { bind: [':1', 'localhost'] },
    'Expected `bind` to be an address (HOST:PORT, :PORT, [v6]:PORT, https://HOST:PORT, h2c://HOST:PORT, unix:PATH or fd://N) or a list of them, got `"localhost"` (string) at `bind[1]`: the port is missing, from flag --bind',
  ],
  [
    { forwardedAllowIps: ['10.0.0.0/33'] },
    'Expected `forwardedAllowIps` to be IP addresses, CIDR ranges or "*", got `"10.0.0.0/33"` (string): `10.0.0.0/33` is none of them, from flag --forwarded-allow-ips',
  ],
  [
    { procName: [''] },
    'Expected `procName` to be a string that is not empty, got `""` (string), from flag --name',
  ],
]

for (const [values, message] of wrongFlags)
  test(`a wrong flag is told with its value and its source: ${message}`, async () => {
    await using project = await plainProject()
    const issues = await issuesOf(loadCommand(project, { flags: { app: ['./app.js'], ...values } }))
    expect(issues).toEqual([message])
  })

const wrongObjects: readonly (readonly [object, string])[] = [
  [
    { workers: '4' },
    'Expected `workers` to be a positive integer or "auto", got `"4"` (string), from the configuration object',
  ],
  [
    { bind: [] },
    'Expected `bind` to have an address, got none, from the configuration object: worker class "event-loop" runs an app for its requests alone. Others run one without, such as event-loop and asgi (capability `needsListener: false`)',
  ],
  [
    { bind: 8000 },
    'Expected `bind` to be an address (HOST:PORT, :PORT, [v6]:PORT, https://HOST:PORT, h2c://HOST:PORT, unix:PATH or fd://N) or a list of them, got `8000` (number), from the configuration object',
  ],
  [
    { env: { PORT: 3000 } },
    'Expected `env` to be variables with string values (KEY=VALUE on the command line), got `3000` (number) at `env.PORT`, from the configuration object',
  ],
  [
    { workerOptions: { make: () => 1 } },
    'Expected `workerOptions` to be an object of options (KEY=VALUE on the command line), got a function at `workerOptions.make`: workers receive options as JSON, from the configuration object',
  ],
  [
    { workerClass: { name: 'mine' } },
    "Expected `workerClass` to be the name, package, path or `file:` URL of a worker class, which every worker process imports by itself, got `{ name: 'mine' }` (object), from the configuration object",
  ],
  [
    { timeout: Number.NaN },
    'Expected `timeout` to be a number of seconds from 0 to 2147483, got `NaN` (number), from the configuration object',
  ],
  [
    { timeout: null },
    'Expected `timeout` to be a number of seconds from 0 to 2147483, got `null`, from the configuration object',
  ],
  [{ worker: 4 }, 'Unknown setting `worker`, from the configuration object. Did you mean `workers`?'],
  [
    { worker_class: 'sync' },
    'Unknown setting `worker_class`, from the configuration object. Did you mean `workerClass`?',
  ],
  [{ nothingLikeIt: 4 }, 'Unknown setting `nothingLikeIt`, from the configuration object'],
  [
    { workers: 4, maxProcesses: 4 },
    'Expected `maxProcesses` to be 0 or at least 5, which is 4 workers and one to replace one of them, got 4, from the configuration object',
  ],
  [
    { autoscale: { min: 2, max: 4 }, maxProcesses: 4 },
    'Expected `maxProcesses` to be 0 or at least 5, which is 4 workers and one to replace one of them, got 4, from the configuration object',
  ],
  [
    { autoscale: { min: 5, max: 4 } },
    'Expected `autoscale` to be { min, max } ("MIN-MAX" on the command line), each a positive integer or "auto", or "off", got `{ min: 5, max: 4 }` (object): `min` is above `max`, from the configuration object',
  ],
  [
    { autoscale: { min: 1, max: 4, step: 2 } },
    'Expected `autoscale` to be { min, max } ("MIN-MAX" on the command line), each a positive integer or "auto", or "off", got `2` (number) at `autoscale.step`, from the configuration object',
  ],
  [
    { autoscale: { min: 0, max: 4 } },
    'Expected `autoscale` to be { min, max } ("MIN-MAX" on the command line), each a positive integer or "auto", or "off", got `0` (number) at `autoscale.min`, from the configuration object',
  ],
  [
    { autoscale: 4 },
    'Expected `autoscale` to be { min, max } ("MIN-MAX" on the command line), each a positive integer or "auto", or "off", got `4` (number), from the configuration object',
  ],
  [
    { autoscal: '1-4' },
    'Unknown setting `autoscal`, from the configuration object. Did you mean `autoscale`?',
  ],
  [
    { groups: { web: { maxRssTotal: '1gb' } } },
    'The setting `groups.web.maxRssTotal`, from the configuration object, belongs to the arbiter and not to a group; move it to the top',
  ],
  [
    { groups: [] },
    'Expected `groups` to be an object with one group or more, got `[]` (array), from the configuration object',
  ],
  [
    { groups: {} },
    'Expected `groups` to be an object with one group or more, got `{}` (object), from the configuration object',
  ],
  [
    { groups: { web: 1 } },
    'Expected `groups.web` to be an object of settings, got `1` (number), from the configuration object',
  ],
  [
    { groups: { 'a b': {} } },
    'Expected the name of a group to be letters, digits, "-" and "_", got `"a b"` (string), from the configuration object',
  ],
  [
    { groups: { web: { binds: ':1' } } },
    'Unknown setting `groups.web.binds`, from the configuration object. Did you mean `bind`?',
  ],
  [
    { groups: { web: { pidfile: 'a' } } },
    'The setting `groups.web.pidfile`, from the configuration object, belongs to the arbiter and not to a group; move it to the top',
  ],
  [
    { groups: { web: { workers: 0 } } },
    'Expected `groups.web.workers` to be a positive integer or "auto", got `0` (number), from the configuration object',
  ],
]

for (const [config, message] of wrongObjects)
  test(`a wrong configuration is told with its path: ${message}`, async () => {
    await using project = await plainProject()
    expect(await issuesOf(loadObject(project, { app: './app.js', ...config }))).toEqual([message])
  })

for (const config of [undefined, null, 5, [], 'app.js'])
  test(`a configuration that is ${JSON.stringify(config)} and not an object is refused`, async () => {
    await using project = await plainProject()
    const [first] = await issuesOf(loadObject(project, config))
    expect(first).toMatch(/^Expected the configuration to be an object, got /)
  })

test('every problem of every source is reported at once, one on each line', async () => {
  await using project = await plainProject({
    'tunicorn.config.json': JSON.stringify({
      keepalive: 5,
      timeout: 'x',
      groups: { web: { bind: 'nowhere' }, api: { bind: ':1', app: './none.js', workerClass: 'thread-pool' } },
    }),
  })
  const loading = loadCommand(project, {
    flags: { workers: ['-1'], workerClass: ['sync'] },
    environmentFlags: { logFormat: ['xml'] },
    excess: ['extra.js'],
    env: { FORWARDED_ALLOW_IPS: 'somewhere' },
  })
  const error = await errorOf(loading)
  expect(error.code).toBe('CONFIG_INVALID')
  expect(error.message.split('\n').toSorted()).toEqual(
    [
      'Unexpected argument `extra.js`: there is one app; settings are given by flags',
      'Unknown setting `keepalive`, from tunicorn.config.json. Did you mean `keepAlive`?',
      'Expected `workers` to be a positive integer or "auto", got `-1` (number), from flag --workers',
      'Expected `logFormat` to be one of "auto", "text", "json", got `"xml"` (string), from flag --log-format in TUNICORN_CMD_ARGS',
      'Expected `timeout` to be a number of seconds from 0 to 2147483, got `"x"` (string), from tunicorn.config.json',
      'Expected `groups.web.bind` to be an address (HOST:PORT, :PORT, [v6]:PORT, https://HOST:PORT, h2c://HOST:PORT, unix:PATH or fd://N) or a list of them, got `"nowhere"` (string): the port is missing, from tunicorn.config.json',
      'Expected `forwardedAllowIps` to be IP addresses, CIDR ranges or "*", got `"somewhere"` (string): `somewhere` is none of them, from environment variable FORWARDED_ALLOW_IPS',
      'The setting `workerClass`, from flag --worker-class, would reach all of the groups `web`, `api`; set it for each group in the config file',
      'No app was given for group `web`: name it on the command line (tunicorn ./app.js) or as `app` in the config file',
      `In tunicorn.config.json, \`groups.api.app\`: The app \`./none.js\` was not found: there is no file ${project.path}/none.js`,
      'In tunicorn.config.json, `groups.api.workerClass`: Worker class "thread-pool" is not installed. Run: npm install @tunicorn/worker-thread-pool',
    ].toSorted(),
  )
})

test('issues carry paths and codes', async () => {
  await using project = await plainProject()
  const error = await errorOf(
    loadObject(project, { app: './none.js', groups: { web: { bind: ['x', ':1'] } } }),
  )
  expect(error).toBeInstanceOf(ConfigError)
  const issues = error instanceof ConfigError ? error.issues : []
  expect(issues.map(({ path, code }) => [path.join('.'), code])).toEqual([
    ['groups.web.bind.0', 'CONFIG_INVALID'],
    ['app', 'APP_NOT_FOUND'],
  ])
})

test('what is overridden is checked too', async () => {
  await using project = await plainProject({ 'tunicorn.config.json': '{ "workers": "x" }' })
  const issues = await issuesOf(loadCommand(project, { flags: { app: ['./app.js'], workers: ['2'] } }))
  expect(issues).toHaveLength(1)
})

test('unknown flags are told with a suggestion, and the app that may be lost among them is not asked for', async () => {
  await using project = await plainProject()
  const issues = await issuesOf(loadCommand(project, { unknown: ['--worker', '--zzz', '--confg'] }))
  expect(issues).toEqual([
    'Unknown flag `--worker`. Did you mean `--workers`?',
    'Unknown flag `--zzz`',
    'Unknown flag `--confg`. Did you mean `--config`?',
  ])
})

test('flags of other servers are answered with what does the same here', async () => {
  await using project = await plainProject()
  const unknown = ['--port', '--host=0.0.0.0', '--preload', '--instances', '--watch', '--daemon', '--uds']
  expect(await issuesOf(loadCommand(project, { unknown }))).toEqual([
    'Unknown flag `--port`: the port is a part of `--bind`, as in `--bind :3000`',
    'Unknown flag `--host=0.0.0.0`: the host is a part of `--bind`, as in `--bind 127.0.0.1:3000`',
    'Unknown flag `--preload`: processes of Node.js share no memory, so that each worker loads the app',
    'Unknown flag `--instances`: the number of workers is `--workers`',
    'Unknown flag `--watch`: to load changed code is `--reload`',
    'Unknown flag `--daemon`: the server stays in the foreground; a service manager such as systemd keeps it',
    'Unknown flag `--uds`: a Unix socket is `--bind unix:PATH`',
  ])
})

test('a missing app alone has its own code and exit code', async () => {
  await using project = await plainProject()
  const error = await errorOf(loadCommand(project, { flags: { app: ['./none.js'] } }))
  expect([error.code, exitCodeFor(error)]).toEqual(['APP_NOT_FOUND', 4])
  expect(error.message).toBe(`The app \`./none.js\` was not found: there is no file ${project.path}/none.js`)
  const both = await errorOf(loadCommand(project, { flags: { app: ['./none.js'], workers: ['-1'] } }))
  expect([both.code, exitCodeFor(both)]).toEqual(['CONFIG_INVALID', 1])
})

test('without an app the message says how to give one', async () => {
  await using project = await plainProject()
  const error = await errorOf(loadCommand(project))
  expect([error.code, exitCodeFor(error)]).toEqual(['CONFIG_INVALID', 1])
  expect(error.message).toBe(
    'No app was given: name it on the command line (tunicorn ./app.js) or as `app` in the config file',
  )
})

test('a worker class that is not installed alone has its own code', async () => {
  await using project = await plainProject()
  const flags = { app: ['./app.js'], workerClass: ['thread-pool'] }
  const error = await errorOf(loadCommand(project, { flags }))
  expect(error.code).toBe('WORKER_CLASS_NOT_FOUND')
  expect(error.message).toBe(
    'Worker class "thread-pool" is not installed. Run: npm install @tunicorn/worker-thread-pool',
  )
})

test('two groups cannot bind the same address, nor can one bind it twice', async () => {
  await using project = await plainProject()
  const twoGroups = { app: './app.js', groups: { web: { bind: '[::1]:80' }, api: { bind: '[0:0::1]:80' } } }
  expect(await issuesOf(loadObject(project, twoGroups))).toEqual([
    'The groups `web` and `api` both bind [::1]:80; give each its own `bind`',
  ])
  expect(await issuesOf(loadObject(project, { app: './app.js', bind: ['unix:a', 'unix:./a'] }))).toEqual([
    `The address unix:${project.path}/a is in \`bind\` twice`,
  ])
})

test('port 0 may be bound any number of times', async () => {
  await using project = await plainProject()
  const config = { app: './app.js', bind: [':0', ':0'], groups: { web: {}, api: {} } }
  expect((await loadObject(project, config)).groups).toHaveLength(2)
})

test('a Unix path that the kernel would cut is refused with its length', async () => {
  await using project = await plainProject()
  const [issue] = await issuesOf(
    loadObject(project, { app: './app.js', bind: `unix:${'a'.repeat(90)}/${'b'.repeat(90)}` }),
  )
  expect(issue).toMatch(/the path of a Unix socket has at most \d+ bytes/)
})

test('chdir must be a directory', async () => {
  await using project = await plainProject()
  const [issue] = await issuesOf(loadCommand(project, { flags: { app: ['./app.js'], chdir: ['none'] } }))
  expect(issue).toBe(
    `Expected \`chdir\` to be a directory, and ${project.path}/none is none, from flag --chdir`,
  )
})

test('Windows is refused clearly', async () => {
  await using project = await plainProject()
  const error = await errorOf(loadCommand(project, { flags: { app: ['./app.js'] }, platform: 'win32' }))
  expect(error.code).toBe('PLATFORM_UNSUPPORTED')
  expect(error.message).toMatch(/Windows/)
})

const schema = `options: { '~standard': { version: 1, vendor: 'test', validate: value =>
  value.threads === undefined || Number.isInteger(value.threads)
    ? { value }
    : { issues: [{ message: 'threads must be a whole number', path: [{ key: 'threads' }] }] } } },`

test('options that the worker class refuses are told with their path and source', async () => {
  await using project = await createProject({
    'app.js': '',
    ...esmPackage('tunicorn-worker-mine', workerClassSource('mine', schema)),
  })
  const flags = { app: ['./app.js'], workerClass: ['mine'], workerOptions: ['threads=few'] }
  expect(await issuesOf(loadCommand(project, { flags }))).toEqual([
    'Worker class "mine": `workerOptions.threads`: threads must be a whole number, from flag --worker-option',
  ])
})

test('a worker class without options takes none', async () => {
  await using project = await plainProject()
  expect(await issuesOf(loadObject(project, { app: './app.js', workerOptions: { a: 1, b: 2 } }))).toEqual([
    'Worker class "event-loop": `workerOptions.a`: this worker class takes no options, from the configuration object',
    'Worker class "event-loop": `workerOptions.b`: this worker class takes no options, from the configuration object',
  ])
})

test('what the check of a worker class reports stops the start or becomes a warning', async () => {
  const check = `check({ group, workers, settings, given, options }) {
    const seen = JSON.stringify([group, workers, settings.keepAlive, [...given], options, Object.keys(settings).includes('app')])
    return settings.keepAlive > 0
      ? [{ path: ['keepAlive'], message: 'must be 0; saw ' + seen }, { path: ['workers'], message: 'few', severity: 'warning' }]
      : [{ path: ['timeout'], message: 'is short', severity: 'warning' }]
  },`
  await using project = await createProject({
    'app.js': '',
    ...esmPackage('@tunicorn/worker-sync', workerClassSource('sync', check)),
  })
  expect(
    await issuesOf(loadCommand(project, { flags: { app: ['./app.js'], keepAlive: ['5'], workers: ['3'] } })),
  ).toEqual([
    'Worker class "sync": `keepAlive`: must be 0; saw ["default",3,5,["app","workers","keepAlive"],{},false], from flag --keep-alive',
  ])
  const config = await loadObject(project, { app: './app.js', keepAlive: 0 })
  expect(config.warnings).toEqual(['Worker class "sync": `timeout`: is short'])
})

test('a worker class whose check throws is called out and not the user', async () => {
  await using project = await createProject({
    'app.js': '',
    ...esmPackage('@tunicorn/worker-sync', workerClassSource('sync', `check() { throw new Error('oops') },`)),
  })
  const error = await errorOf(loadObject(project, { app: './app.js' }))
  expect(error.code).toBe('WORKER_CLASS_INVALID')
  expect(error.message).toBe('Worker class "sync" failed while it checked the settings: Error: oops')
})

test.each([
  ['spares', "'2'", 'a whole number, 0 or more, got `"2"` (string)'],
  ['spares', '-1', 'a whole number, 0 or more, got `-1` (number)'],
  ['watchdog', "'no'", 'true or false, got `"no"` (string)'],
  ['watchdog', 'Promise.resolve(false)', 'true or false, got `Promise { false }` (object)'],
])(
  'a worker class whose %s gives %s is called out before anything is spawned',
  async (member, answer, expected) => {
    await using project = await createProject({
      'app.js': '',
      ...esmPackage('@tunicorn/worker-sync', workerClassSource('sync', `${member}() { return ${answer} },`)),
    })
    const error = await errorOf(loadObject(project, { app: './app.js' }))
    expect(error.code).toBe('WORKER_CLASS_INVALID')
    expect(error.message).toBe(
      `Worker class "sync" failed while it checked the settings: TypeError: expected \`${member}\` to give ${expected}`,
    )
  },
)

test('an app kind that the worker class cannot run is refused before anything is spawned', async () => {
  await using project = await plainProject()
  const error = await errorOf(loadObject(project, { app: './app.js', appKind: 'asgi' }))
  expect([error.code, exitCodeFor(error)]).toEqual(['APP_KIND_UNSUPPORTED', 4])
  expect(error.message).toBe(
    'Worker class "event-loop": `appKind`: it runs apps of kind node, fetch and not `asgi`, from the configuration object',
  )
})

test('defaults of a worker class that are wrong are its own problem', async () => {
  await using project = await createProject({
    'app.js': '',
    ...esmPackage(
      '@tunicorn/worker-sync',
      workerClassSource('sync', `defaults: { timeout: 'x', workers: 3 },`),
    ),
  })
  expect(await issuesOf(loadObject(project, { app: './app.js' }))).toEqual([
    'A worker class has no say in `workers`, got `3` (number), from the defaults of worker class "sync"',
    'Expected `timeout` to be a number of seconds from 0 to 2147483, got `"x"` (string), from the defaults of worker class "sync"',
  ])
})
