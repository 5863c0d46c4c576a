/** Proves the suite: every clause fails a class that breaks it. `test/soak` proves that no other clause does. */
import { startProcess, testNode } from '@tunicorn/harness'
import { listClauses } from '@tunicorn/test-kit'
import { describe, expect, test } from 'vitest'
import { brokenClause, knownBad, knownBadModules } from '../support/known-bad.js'

const proven = new Set<string>()

describe.concurrent('a clause fails a class', () => {
  test.each(knownBadModules)('that breaks it: %s', async name => {
    const id = brokenClause(name)
    const runner = ['--test-reporter=tap', '--test-force-exit', `--test-name-pattern=${id}\\b`]
    await using run = await startProcess(testNode(), [...runner, 'run-clause.mjs', `./${name}`], {
      cwd: knownBad,
    })
    expect(await run.exited, run.output).toMatchObject({ code: 1 })
    const failed = [...run.output.matchAll(/^ +not ok \d+ - (.*)$/gm)].map(([, title = '']) => title)
    expect(failed, run.output).toEqual([expect.stringMatching(new RegExp(`^${id}\\b`))])
    expect(run.output).toMatch(new RegExp(`${id} expects: [\\s\\S]*Look at: `))
    for (const title of failed) proven.add(title)
  })
})

test('there is a class for every clause, on which it fails', () => {
  const titles = listClauses().map(({ title }) => title)
  expect([...proven].sort()).toEqual(titles.sort())
})
