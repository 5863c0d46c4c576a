import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeIn, type RunningProcess, startProcess, temporaryDirectory } from '@tunicorn/harness'
import { expect, onTestFinished, test } from 'vitest'

async function start(fixture: string, ...args: readonly string[]): Promise<RunningProcess> {
  const path = fileURLToPath(new URL(`fixtures/${fixture}`, import.meta.url))
  const started = await startProcess(process.execPath, [path, ...args])
  onTestFinished(() => started[Symbol.asyncDispose]())
  return started
}

async function run(fixture: string, ...args: readonly string[]): Promise<RunningProcess> {
  const started = await start(fixture, ...args)
  expect(await started.exited, started.output).toEqual({ code: 0, signal: null })
  return started
}

test('importing the module loads only the contract and leaves no trace', async () => {
  const { output } = await run('import-only.mjs')
  const report = JSON.parse(output)
  expect(report.exports).toEqual(['default'])
  expect(report.loaded).toEqual([])
  expect(report.resources).toEqual([])
  expect(report.signals).toEqual([])
})

test.each(['node', 'fetch'])(
  'a worker with an app of kind %s serves, drains, closes and lets its process end',
  async kind => {
    const { output } = await run('lifecycle.mjs', kind, 'boot', 'serve', 'request', 'drain', 'close')
    expect(output.trim().split('\n')).toEqual([
      'after boot: {"connections":0}',
      'after serve: {"connections":0}',
      'GET / sent 200',
      'answered',
      'after request: {"connections":1}',
      'after drain: {"connections":0}',
      'after close: {"connections":0}',
    ])
  },
)

test('a worker that is closed without a drain lets its process end', async () => {
  const { output } = await run('lifecycle.mjs', 'node', 'boot', 'serve', 'request', 'close', 'close')
  expect(output).toMatch(/after close: \{"connections":0\}\n$/)
})

test('a worker that is drained in standby lets its process end', async () => {
  const { output } = await run('lifecycle.mjs', 'node', 'boot', 'drain', 'close')
  expect(output).toMatch(/after close/)
})

test('a worker whose app does not load fails to boot, and closes', async () => {
  const { output } = await run('lifecycle.mjs', 'broken', 'boot', 'close')
  expect(output).toMatch(/^boot failed: the app is broken\n/)
  expect(output).toMatch(/after close: \{\}\n$/)
})

test('a rejection that belongs to no request is not swallowed', async () => {
  const worker = await start('lifecycle.mjs', 'stray', 'boot', 'serve', 'request', 'close')
  expect(await worker.exited).toEqual({ code: 1, signal: null })
  expect(worker.output).toMatch(/Error: nobody waits for this/)
})

test('serving before the boot has ended is an error of the host', async () => {
  const { output } = await run('lifecycle.mjs', 'node', 'serve', 'close')
  expect(output).toMatch(/^serve failed: `serve` was called before/)
})

test('the apps of the README are served', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const apps = codeIn(readme, 'js')
  const directory = await temporaryDirectory()
  onTestFinished(() => directory[Symbol.asyncDispose]())
  const answers: (string | undefined)[] = []
  for (const [index, code] of apps.entries()) {
    const path = join(directory.path, `app-${index}.mjs`)
    await writeFile(path, code)
    const kind = code.includes('fetch(') ? 'fetch' : 'node'
    const { output } = await run(
      'lifecycle.mjs',
      `${kind}:${path}`,
      'boot',
      'serve',
      'request',
      'drain',
      'close',
    )
    answers.push(/^Hello.*$/m.exec(output)?.[0])
  }
  expect(answers).toEqual([expect.stringMatching(/^Hello from \d+$/), 'Hello from /', 'Hello'])
})
