import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryDirectory } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { serve } from '../support/server.js'

// Node 22 and newer load the client for whoever imports `node:http`, at more processor time than their own start.
test("a process has not loaded Node's HTTP client or its cryptography for an app that uses neither", async () => {
  await using server = await serve({ workers: 1, app: 'loaded.mjs', args: ['-o', 'spares=0'] })
  const loaded = (await (await fetch(server.url)).text()).split('\n')
  expect(loaded).toContain('NativeModule http')
  expect(loaded.filter(name => name.includes('undici') || name === 'NativeModule crypto')).toEqual([])
  await server.process.stop()
})

// Each costs the start of a process half a millisecond and more.
test('a process loads nine files of Tunicorn', async () => {
  await using directory = await temporaryDirectory()
  const hook = new URL('../fixtures/note-loads.mjs', import.meta.url).href
  const env = { NODE_OPTIONS: `--import=${hook}`, LOADS: directory.path }
  await using server = await serve({ workers: 1, app: 'loaded.mjs', args: ['-o', 'spares=0'], env })
  const response = await fetch(server.url)
  await response.text()
  const urls = await readFile(join(directory.path, response.headers.get('x-pid') ?? ''), 'utf8')
  const files = [...urls.matchAll(/\/packages\/([\w-]+)\/dist\/(.+)$/gm)].map(
    ([, name, file]) => `${name}: ${file}`,
  )
  expect(files.map(file => file.replace(/-[A-Z0-9]{8}\.js$/, '.js')).sort()).toEqual([
    'arbiter: app-layer.js',
    'arbiter: host/main.js',
    'arbiter: thread-layer.js',
    'arbiter: worker-layer.js',
    'arbiter: worker.js',
    'http: index.js',
    'net: index.js',
    'worker-sync: index.js',
    'worker-sync: sync-worker.js',
  ])
  await server.process.stop()
})
