/** Proves the suite: on every class that breaks one clause it fails on no other clause. */
import { startProcess, testNode } from '@tunicorn/harness'
import { describe, expect, test } from 'vitest'
import { brokenClause, knownBad, knownBadModules } from '../support/known-bad.js'

interface Result {
  readonly clauses: number
  readonly failed: readonly { readonly title: string; readonly message: string }[]
}

/** What a failure says of these, beyond what every one does. */
const words: Readonly<Record<string, RegExp>> = {
  'wc-403.mjs': /heartbeats: \d+;[\s\S]*`WorkerContext\.notify\(\)`, to be called at least four times/,
  'wc-601.mjs': /What keeps it \(`process\.getActiveResourcesInfo\(\)`\): .*\bTimeout\b/m,
}

describe.concurrent('the whole suite fails a class', () => {
  test.each(knownBadModules)('that breaks one clause on that clause alone: %s', async name => {
    await using run = await startProcess(testNode(), ['run-suite.mjs', `./${name}`], { cwd: knownBad })
    expect(await run.exited, run.output).toMatchObject({ code: 0 })
    // Printed by the process, as its last line.
    const { failed }: Result = JSON.parse(run.output.trim().split('\n').at(-1) ?? '')
    expect(
      failed.map(({ title }) => title.split(/[ :]/)[0]),
      JSON.stringify(failed),
    ).toEqual([brokenClause(name)])
    expect(failed[0]?.message).toMatch(words[name] ?? /^Look at: /m)
  })
})
