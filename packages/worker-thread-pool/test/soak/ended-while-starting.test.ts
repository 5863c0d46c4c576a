/** Threads that are ended at any moment of their start end alone. */
import { fileURLToPath } from 'node:url'
import { startProcess, testNode } from '@tunicorn/harness'
import { expect, it } from 'vitest'

const entry = fileURLToPath(new URL('../../dist/thread-entry.cjs', import.meta.url))
const starter = fileURLToPath(new URL('../fixtures/ends-threads.mjs', import.meta.url))

// Of the ES module behind it, two or three in a thousand abort Node.js 20.
it('300 threads that are ended while they load what they run do not end the process', async () => {
  await using run = await startProcess(testNode(), [starter, entry, '300'])
  expect(await run.closed).toEqual({ code: 0, signal: null })
  expect(run.output).toContain('300 threads have ended')
})
