import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeBlocks, startProcess, startTunicorn, temporaryDirectory } from '@tunicorn/harness'
import sync from '@tunicorn/worker-sync'
import { expect, test } from 'vitest'

/** Runs a fixture to its end, which must be its own, and resolves with its output. */
async function run(fixture: string, ...args: readonly string[]): Promise<string> {
  const path = fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url))
  await using started = await startProcess(process.execPath, [path, ...args])
  expect(await started.exited, started.output).toEqual({ code: 0, signal: null })
  return started.output
}

test('importing the module loads only the contract and leaves no trace', async () => {
  const report = JSON.parse(await run('import-only.mjs'))
  expect(report).toEqual({ exports: ['default'], loaded: [], resources: [], signals: [] })
})

test.each(['node', 'fetch'])(
  'a worker with an app of kind %s serves, drains, closes and lets its process end',
  async kind => {
    const output = await run('lifecycle.mjs', kind, 'boot', 'serve', 'request', 'drain', 'close')
    expect(output).toMatch(/^after boot: [\s\S]*GET \/ sent 200\n[\s\S]*after drain: \{"connections":0\}/)
    expect(output).toMatch(/^answered$/m)
    expect(output).toMatch(/after close: \{"connections":0\}\n$/)
  },
)

test('a worker that is closed without a drain lets its process end', async () => {
  const output = await run('lifecycle.mjs', 'node', 'boot', 'serve', 'request', 'close', 'close')
  expect(output).toMatch(/after close: \{"connections":0\}\n$/)
})

test('a worker that is drained in standby lets its process end', async () => {
  expect(await run('lifecycle.mjs', 'node', 'boot', 'drain', 'close')).toMatch(/after close/)
})

test('a worker whose app does not load fails to boot, and closes', async () => {
  const output = await run('lifecycle.mjs', 'broken', 'boot', 'close')
  expect(output).toMatch(/^boot failed: the app is broken\n[\s\S]*after close: \{\}\n$/)
})

test('an app that brings TLS of its own is not served in plain text', async () => {
  const app = fileURLToPath(new URL('../apps/https-server.mjs', import.meta.url))
  const workerClass = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
  await using server = await startTunicorn({ args: [app, '-k', workerClass, '-b', '127.0.0.1:0'] })
  expect(await server.exited, server.output).toEqual({ code: 4, signal: null })
  expect(server.output).toMatch(/^tunicorn: .*brings its own TLS, which would not be used/m)
})

test('serving before the boot has ended is an error of the host', async () => {
  expect(await run('lifecycle.mjs', 'node', 'serve', 'close')).toMatch(/^serve failed: `serve` was called/)
})

test('the apps of the README are served', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const blocks = codeBlocks(readme)
  const apps = blocks.filter(({ fileName }) => fileName === 'app.mjs').map(({ code }) => code)
  await using directory = await temporaryDirectory()
  const answers: string[] = []
  for (const [index, code] of apps.entries()) {
    const path = join(directory.path, `app-${index}.mjs`)
    await writeFile(path, code)
    const kind = code.includes('fetch(') ? 'fetch' : 'node'
    answers.push(await run('lifecycle.mjs', `${kind}:${path}`, 'boot', 'serve', 'request', 'drain', 'close'))
  }
  expect(answers).toEqual([
    expect.stringMatching(/^1 request in process \d+$/m),
    expect.stringMatching(/^Hello from \/$/m),
  ])
})

test('the options of the README are options of the class', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const block = codeBlocks(readme).find(({ fileName }) => fileName === 'tunicorn.config.mjs')
  await using directory = await temporaryDirectory()
  const path = join(directory.path, 'tunicorn.config.mjs')
  await writeFile(path, block?.code ?? '')
  const { default: config } = await import(path)
  expect(config).toMatchObject({ app: './app.mjs', workerClass: sync.name })
  expect(await sync.options?.['~standard'].validate(config.workerOptions)).toEqual({
    value: { spares: 8, watchdog: false },
  })
})
