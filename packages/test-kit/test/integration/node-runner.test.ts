import { fileURLToPath } from 'node:url'
import { startProcess, testNode } from '@tunicorn/harness'
import { expect, test } from 'vitest'

const suite = fileURLToPath(new URL('../fixtures/node-suite.mjs', import.meta.url))

test('the suite runs under `node:test` and says that a class conforms', async () => {
  await using run = await startProcess(testNode(), ['--test', suite], {})
  expect(await run.exited, run.output).toMatchObject({ code: 0 })
  expect(run.output).toContain('event-loop conforms to WorkerClass contract 1 (31 clauses, 0 as refusals)')
})
