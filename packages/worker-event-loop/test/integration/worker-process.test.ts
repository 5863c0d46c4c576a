import { fileURLToPath } from 'node:url'
import { type RunningProcess, startProcess } from '@tunicorn/harness'
import { expect, onTestFinished, test } from 'vitest'

async function run(fixture: string, ...args: readonly string[]): Promise<RunningProcess> {
  const path = fileURLToPath(new URL(`fixtures/${fixture}`, import.meta.url))
  const started = await startProcess(process.execPath, [path, ...args])
  onTestFinished(() => started[Symbol.asyncDispose]())
  expect(await started.exited, started.output).toEqual({ code: 0, signal: null })
  return started
}

test('importing the module loads no server and leaves no trace', async () => {
  const { output } = await run('import-only.mjs')
  const report = JSON.parse(output)
  expect(report.exports).toEqual(['default'])
  expect(report.loaded.filter((name: string) => /http|net|tls/.test(name))).toEqual([])
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

test('serving before the boot has ended is an error of the host', async () => {
  const { output } = await run('lifecycle.mjs', 'node', 'serve', 'close')
  expect(output).toMatch(/^serve failed: `serve` was called before/)
})
