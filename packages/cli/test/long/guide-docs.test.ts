/** What the pages for newcomers show as code, done or checked as they say. */
import { execFile } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { codeIn, servingUrl, startTunicorn, waitForWorkers } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { createProject, runToEnd } from '../integration/project.js'

const run = promisify(execFile)
const page = (name: string): Promise<string> =>
  readFile(new URL(`../../../../docs/${name}.md`, import.meta.url), 'utf8')
const packageJson = '{ "type": "commonjs" }'

test('the app and the config file of the quick start serve, are reloaded and stop as it says', async () => {
  const quickStart = await page('quick-start')
  const [app = ''] = codeIn(quickStart, 'js')
  const [config = ''] = codeIn(quickStart, 'ts')
  const reload = codeIn(quickStart, 'sh').find(code => code.includes(' ctl reload')) ?? ''
  await using project = await createProject({
    'app.mjs': app,
    'tunicorn.config.ts': config.replace(':8000', ':0').replace(':9100', ':0').replace("'auto'", '2'),
    'package.json': packageJson,
  })
  const env = { XDG_RUNTIME_DIR: `${project.path}/run`, TMPDIR: `${project.path}/tmp` }
  await mkdir(env.XDG_RUNTIME_DIR)
  await mkdir(env.TMPDIR)
  await using server = await startTunicorn({ args: ['--canary-seconds', '0'], cwd: project.path, env })
  const { port } = new URL(await servingUrl(server))
  await waitForWorkers(server, 2)
  const ask = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}`)).text()
  expect(await ask()).toMatch(/^Hello from worker \d+\n$/)
  const { code, output } = await runToEnd(project, reload.trim().split(' ').slice(2), env)
  expect(output).toContain('Reload done')
  expect(code).toBe(0)
  expect(await ask()).toMatch(/^Hello from worker \d+\n$/)
  await server.stop()
})

test('the groups on the page about worker classes are a right configuration', async () => {
  const [config = ''] = codeIn(await page('worker-classes'), 'ts')
  const classes = ['event-loop', 'thread-pool', 'sync']
  for (const name of classes) expect(config).toContain(`workerClass: '${name}'`)
  const app = 'export default (req, res) => res.end()'
  await using project = await createProject({
    // Where a short name is looked for, all of them are in this repository, and only one is in a project of these tests.
    'tunicorn.config.ts': config.replaceAll(
      /workerClass: '([\w-]+)'/g,
      (_, name) => `workerClass: '${import.meta.resolve(`@tunicorn/worker-${name}`)}'`,
    ),
    'web.mjs': app,
    'images.mjs': app,
    'plugins.mjs': app,
    'package.json': packageJson,
  })
  const { code, output } = await runToEnd(project, ['--print-config'])
  expect(code, output).toBe(0)
  for (const name of classes) expect(output).toContain(name)
})

test('the server without a proxy on the page about deploying has a right configuration', async () => {
  const [config = ''] = codeIn(await page('deploying'), 'ts')
  await using project = await createProject({
    'tunicorn.config.ts': config.replaceAll('/etc/tls/', './'),
    'app.js': 'module.exports = (req, res) => res.end()',
    'package.json': packageJson,
  })
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const files = ['-keyout', 'server.key', '-out', 'server.crt', '-subj', '/CN=localhost', '-days', '2']
  await run('openssl', [...args, ...files], { cwd: project.path })
  const { code, output } = await runToEnd(project, ['--print-config'])
  expect(code, output).toBe(0)
  expect(output).toMatch(/^redirectHttp += true +\(config file\)$/m)
})
