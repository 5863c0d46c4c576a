/** `docs/http-policy.md` is written from the rules, and every rule from rows that are played. */
import { expect, test } from 'vitest'
import { allRows } from './rows/all.js'
import { type Chapter, type Rule, rulesOf } from './rule.js'
import { chapters } from './rules.js'

const rules = chapters.flatMap(chapter => chapter.rules)

test('every row is one of exactly one rule, and every rule has a row', () => {
  const strays = allRows
    .map(row => ({ given: row.given, rules: rulesOf(row, rules).map(({ given }) => given) }))
    .filter(row => row.rules.length !== 1)
  expect(strays).toEqual([])
  expect(rules.filter(rule => !allRows.some(row => rulesOf(row, [rule]).length === 1))).toEqual([])
})

test('docs/http-policy.md is what the rules make it (vitest -u writes it)', async () => {
  await expect(page()).toMatchFileSnapshot('../../../../docs/http-policy.md')
})

const intro = `# HTTP policy

This page says what a worker of every class answers, for apps of every kind. Each row stands for requests that \`npm test\` plays against all of
them. The requests and their exact answers are in \`apps/http-policy\`, and this page is generated from them. [HTTP](http.md) explains the reasons.

_Served_ means that the app answers. _Closed_ means that the connection ends. If the client has not asked for that, it ends in stages, so that a reset
cannot overtake the answer; \`sync\`, which ends every connection, does this only for refusals. _Cut_ means that the connection ends in the middle of
an answer, so that nobody takes it for a whole one. **By** names what decides: Node's parser, Tunicorn, or both, where Node refuses some of these
requests and Tunicorn the rest. Numbers are RFCs and their sections.
`

function page(): string {
  return `${[intro, ...chapters.map(textOf)].join('\n')}`
}

function textOf({ title, rules: own }: Chapter): string {
  const rows = [['given', 'answer', 'by', 'RFC'], ...own.map(cellsOf)]
  const widths = [0, 1, 2, 3].map(column => Math.max(...rows.map(cells => cells[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [first = [], ...others] = rows
  const rule = line(widths.map(width => '-'.repeat(width)))
  return `## ${title}\n\n${[line(first), rule, ...others.map(line)].join('\n')}\n`
}

function cellsOf({ given, answer, by, rfc }: Rule): readonly string[] {
  return [given, answer, by, rfc]
}
