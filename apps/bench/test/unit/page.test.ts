import { expect, test } from 'vitest'
import { pageText, tableOnPage } from '../../src/page.js'
import { merge, type RecordedRow, type Run, recordedRows } from '../../src/record.js'
import type { Row } from '../../src/row.js'

const run: Run = { date: '2026-11-28', machine: 'a machine', plan: 'medians of 3 rounds of 2 s' }
const rowOf = (name: string, order: number): Row => ({
  name,
  order,
  title: `the row ${name}`,
  measure: () => Promise.reject(new Error('not here')),
})
const measurement = { baseline: '1/s', tunicorn: '2/s', result: '× 2', target: '≥ 1' }

test('the table of docs/performance.md is what the kept results make it', async () => {
  expect(await tableOnPage()).toBe(pageText(await recordedRows()))
})

test('a run takes the place of the rows that it measured, and of no other', () => {
  const earlier = merge(
    [],
    [
      { row: rowOf('one', 10), measurement: { ...measurement, isReached: true, notes: ['a peer: 3/s'] } },
      { row: rowOf('two', 20), measurement: { ...measurement, isReached: false } },
    ],
    { ...run, date: '2026-11-22' },
  )
  const rows = merge(
    earlier,
    [
      { row: rowOf('three', 15), error: new Error('no such tool') },
      { row: rowOf('two', 20), measurement: { ...measurement, isReached: undefined } },
    ],
    run,
  )
  const reached = (each: RecordedRow): unknown => [each.name, each.reached, each.run.date]
  expect(rows.map(reached)).toEqual([
    ['one', 'yes', '2026-11-22'],
    ['three', 'failed', '2026-11-28'],
    ['two', 'undecided', '2026-11-28'],
  ])
  const text = pageText(rows)
  expect(text).toMatch(/^\| the row one +\| 1\/s +\| 2\/s +\| × 2 +\| ≥ 1 +\| yes +\| 1 +\|$/m)
  expect(text).toMatch(/^\| the row three +\|.*\| \*\*failed\*\* +\| 2 +\|$/m)
  expect(text).toContain('- `one`: a peer: 3/s\n- `three`: Error: no such tool\n')
  expect(text).toContain('1. 2026-11-22, a machine; medians of 3 rounds of 2 s.\n2. 2026-11-28, a machine;')
})

test('the steps of a row are a table of their own', () => {
  const steps = [
    ['workers', 'MB'],
    ['1', '50.0'],
  ]
  const rows = merge(
    [],
    [{ row: rowOf('grows', 10), measurement: { ...measurement, isReached: true, steps } }],
    run,
  )
  expect(pageText(rows)).toContain(
    'the row grows:\n\n| workers | MB   |\n| ------- | ---- |\n| 1       | 50.0 |\n',
  )
})
