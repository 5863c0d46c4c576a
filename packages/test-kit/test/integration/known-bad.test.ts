/** Proves the suite: on every class that breaks one clause it fails, on that clause and on no other. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startProcess, testNode } from '@tunicorn/harness'
import { listClauses } from '@tunicorn/test-kit'
import { describe, expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../known-bad/', import.meta.url))
const modules = readdirSync(folder).filter(name => /^wc-.*\.mjs$/.test(name))
const proven = new Set<string>()

interface Result {
  readonly clauses: number
  readonly failed: readonly { readonly title: string; readonly message: string }[]
}

describe.concurrent('the suite fails a class', () => {
  test.each(modules)('that breaks one clause on that clause alone: %s', async name => {
    await using run = await startProcess(testNode(), ['run-suite.mjs', `./${name}`], { cwd: folder })
    expect(await run.exited, run.output).toMatchObject({ code: 0 })
    // Printed by the process, as its last line.
    const { failed }: Result = JSON.parse(run.output.trim().split('\n').at(-1) ?? '')
    const [, number] = /^wc-(\d+)/.exec(name) ?? []
    expect(
      failed.map(({ title }) => title.split(/[ :]/)[0]),
      JSON.stringify(failed),
    ).toEqual([`WC-${number}`])
    for (const { title } of failed) proven.add(title)
  })
})

test('there is a class for every clause, on which it fails', () => {
  const titles = listClauses().map(({ title }) => title)
  expect([...proven].sort()).toEqual(titles.sort())
})
