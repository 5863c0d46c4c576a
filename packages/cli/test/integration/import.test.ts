/** Configurations of other servers, printed as ours; what is printed is then read. */
import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createProject, type Project, runToEnd } from './project.js'

const packageJson = '{ "type": "commonjs" }'

/** Imports a file, and gives what was printed and what the command makes of it. */
async function importFile(project: Project, file: string): Promise<{ text: string; values: string[] }> {
  const imported = await runToEnd(project, ['import', file])
  expect(imported.code, imported.output).toBe(0)
  await writeFile(`${project.path}/tunicorn.config.ts`, imported.output)
  const { code, output } = await runToEnd(project, ['--print-config', './app.mjs'])
  const groups = await runToEnd(project, ['--print-config'])
  const printed = code === 0 ? output : groups.output
  expect(Math.min(code ?? 1, groups.code ?? 1), printed).toBe(0)
  return { text: imported.output, values: printed.split('\n').map(line => line.replaceAll(/ +/g, ' ')) }
}

test('an ecosystem file with one app', async () => {
  await using project = await createProject({
    'package.json': packageJson,
    'ecosystem.config.js': `module.exports = { apps: [{
      name: "shop's", script: 'app.mjs', instances: 3, exec_mode: 'cluster',
      env: { NODE_ENV: 'production', PORT: 3000 }, env_staging: { NODE_ENV: 'staging' },
      max_memory_restart: '300M', kill_timeout: 3500, wait_ready: true, listen_timeout: 8000,
      node_args: '--max-old-space-size=256 --no-warnings', watch: false, autorestart: true,
      cron_restart: '0 3 * * *', error_file: 'err.log',
    }], deploy: { production: {} } }`,
  })
  const { text, values } = await importFile(project, 'ecosystem.config.js')
  for (const line of [
    'procName = "shop\'s" (config file)',
    'workers = 3 (config file)',
    'workerClass = "event-loop" (config file)',
    'env = {"NODE_ENV":"production","PORT":"3000"} (config file)',
    'maxRss = 314572800 (config file)',
    'gracefulTimeout = 3.5 (config file)',
    'bootTimeout = 8 (config file)',
    'waitReady = true (config file)',
    'nodeOptions = ["--max-old-space-size=256","--no-warnings"] (config file)',
  ])
    expect(values).toContain(line)
  expect(text.match(/^\/\/ - \w+/gm)).toEqual([
    '// - deploy',
    '// - env_staging',
    '// - cron_restart',
    '// - error_file',
  ])
})

test('an ecosystem file with several apps', async () => {
  await using project = await createProject({
    'package.json': packageJson,
    'api/app.mjs': 'export default (req, res) => res.end()',
    'ecosystem.json': JSON.stringify({
      apps: [
        { name: 'the web', script: './app.mjs', instances: 'max', env: { PORT: 0 } },
        { name: 'api', script: 'app.mjs', cwd: 'api', instances: -1 },
      ],
    }),
  })
  const { code, output } = await runToEnd(project, ['import', 'ecosystem.json'])
  expect(code).toBe(0)
  expect(output).toContain("  groups: {\n    ['the-web']: {\n      app: './app.mjs',\n      workers: 'auto',")
  expect(output).toContain("    api: {\n      app: './api/app.mjs',")
  expect(output).toMatch(/^\/\/ - api: instances: -1: /m)
})

test('the simple assignments of a gunicorn.conf.py, of which nothing is run', async () => {
  await using project = await createProject({
    'package.json': packageJson,
    'gunicorn.conf.py': `
import multiprocessing
bind = ["127.0.0.1:0", 'unix:web.sock']  # two
workers = multiprocessing.cpu_count() * 2 + 1
worker_class = "gevent"
timeout: int = 45
graceful_timeout = 20
loglevel = 'warning'
accesslog = "-"
pidfile = None
capture_output = True
statsd_host = "127.0.0.1:8125"
dogstatsd_tags = 'env:prod'
raw_env = [
    "A=1",
    "B=x=y",
]
umask = 0o027
header_map = "dangerous"
proxy_protocol = True
preload_app = True
note = "it's \\u00fc"

def post_fork(server, worker):
    server.log.info("spawned")
`,
  })
  const { text, values } = await importFile(project, 'gunicorn.conf.py')
  for (const line of [
    'bind = ["127.0.0.1:0","unix:web.sock"] (config file)',
    'workerClass = "event-loop" (config file)',
    'timeout = 45 (config file)',
    'gracefulTimeout = 20 (config file)',
    'logLevel = "warn" (config file)',
    'accessLog = "-" (config file)',
    'captureOutput = true (config file)',
    'statsdHost = "127.0.0.1:8125" (config file)',
    'dogstatsdTags = "env:prod" (config file)',
    'env = {"A":"1","B":"x=y"} (config file)',
    'umask = 0o027 (config file)',
    'headerMap = "keep" (config file)',
    'proxyProtocol = "auto" (config file)',
    'workers = 1 (default)',
  ])
    expect(values).toContain(line)
  expect(text.match(/^\/\/ - .{9}/gm)).toEqual([
    '// - preload_a',
    '// - workers =',
    '// - note = "i',
    '// - def post_',
  ])
})

test.each([
  [['import'], /name the file/],
  [['import', 'none.py'], /The file cannot be read: ENOENT/],
  [['import', 'none.js'], /none\.js/],
  [['import', 'app.mjs', '--bogus'], /unknown option '--bogus'/],
  [['import', 'other.json'], /no ecosystem file of PM2/],
])('what cannot be imported is said: %j', async (args, message) => {
  await using project = await createProject({ 'other.json': '{}' })
  const { code, output } = await runToEnd(project, args)
  expect(code).toBe(1)
  expect(output).toMatch(message)
})
