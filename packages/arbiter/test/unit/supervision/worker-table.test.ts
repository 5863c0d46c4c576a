import { expect, test } from 'vitest'
import { WorkerTable } from '../../../src/supervision/worker-table.js'

const agesOf = (table: WorkerTable, group: string): readonly number[] =>
  table.rowsOf(group).map(({ age }) => age)

test('the rows of a group are those of its workers that were not removed, in spawn order', () => {
  const table = new WorkerTable()
  for (const group of ['web', 'api', 'web', 'web']) table.register({ group, generation: 1, slot: 0 }, 0)
  expect([agesOf(table, 'web'), agesOf(table, 'api'), agesOf(table, 'none')]).toEqual([[1, 3, 4], [2], []])
  table.remove(3)
  table.remove(2)
  table.remove(99)
  expect([agesOf(table, 'web'), agesOf(table, 'api')]).toEqual([[1, 4], []])
  expect(table.rows().map(({ age }) => age)).toEqual([1, 4])
  table.register({ group: 'api', generation: 1, slot: 0 }, 0)
  expect(agesOf(table, 'api')).toEqual([5])
})
