/** A run of the suite ends, whatever the driver does. */
import { fileURLToPath } from 'node:url'
import { startProcess, testNode } from '@tunicorn/harness'
import { expect, test } from 'vitest'

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url))

test('a driver whose clients cannot leave fails clauses, and the run ends', async () => {
  await using run = await startProcess(testNode(), ['leaves-badly.mjs'], { cwd: fixtures })
  expect(await run.exited, run.output).toMatchObject({ code: 0 })
  expect(run.output).toContain('this client cannot leave')
})
