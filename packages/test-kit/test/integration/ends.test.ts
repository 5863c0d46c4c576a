/** A run of the suite ends, and says what a class has left behind. */
import { startProcess, testNode } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { knownBad } from '../support/known-bad.js'

test('a class that leaves a timer in the process of the tests does not keep `node --test`', async () => {
  await using run = await startProcess(
    testNode(),
    ['--test-reporter=tap', '--test-name-pattern=WC-504', 'run-clause.mjs', './wc-601.mjs'],
    { cwd: knownBad },
  )
  expect(await run.exited, run.output).toMatchObject({ code: 0 })
  expect(run.output).toMatch(/worker class event-loop has left .*Timeout.* it is ended now/)
})
