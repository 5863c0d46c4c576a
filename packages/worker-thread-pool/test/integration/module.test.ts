import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import threadPool from '@tunicorn/worker-thread-pool'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)

describe('the module', () => {
  it('exports a class that promises what it does', () => {
    expect(threadPool).toMatchObject({
      contract: 1,
      name: 'thread-pool',
      capabilities: { appKinds: ['node', 'fetch'], concurrency: 'multiple', upgrade: false, streaming: true },
    })
  })

  it('has no effect when it is imported, and does not load Piscina', async () => {
    const url = new URL('../../dist/index.js', import.meta.url).href
    const script = `
      // Which of the standard streams Node has opened by then is its business.
      const count = () => process._getActiveHandles().filter(handle => !handle._isStdio).length
      const before = count()
      await import(${JSON.stringify(url)})
      const { createRequire } = await import('node:module')
      const loaded = Object.keys(createRequire(import.meta.url).cache).filter(name => name.includes('piscina'))
      console.log(JSON.stringify({ handles: count() - before, loaded }))`
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script])
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({ handles: 0, loaded: [] })
  })

  it('leaves nothing behind after close: the process ends by itself', async () => {
    const script = fileURLToPath(new URL('../fixtures/boot-and-close.mjs', import.meta.url))
    const { stdout, stderr } = await run(process.execPath, [script], { timeout: 20_000 })
    expect([stdout, stderr]).toEqual(['serving\nclosed\nexit 0\n', ''])
  })
})
