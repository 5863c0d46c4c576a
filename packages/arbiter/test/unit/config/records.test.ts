import { safeParse } from 'valibot'
import { expect, test } from 'vitest'
import { allRecords, settingRecords } from '../../../src/config/setting-records.js'

test('every record stands in exactly one section', () => {
  expect(allRecords.map(record => record.name).toSorted()).toEqual(Object.keys(settingRecords).toSorted())
})

test('every record stands under its own name', () => {
  for (const [name, record] of Object.entries(settingRecords)) expect(record.name).toBe(name)
})

test('no two settings share a flag, a letter or a variable', () => {
  const texts = allRecords
    .flatMap(({ flag, variable }) => [flag?.long, flag?.short, variable?.name])
    .filter(Boolean)
  expect(new Set(texts).size).toBe(texts.length)
})

test('no setting takes a flag that the command itself has', () => {
  const own = ['--config', '-c', '--help', '-h', '--version', '-v', '--check-config', '--print-config']
  const taken = allRecords.flatMap(({ flag }) => [flag?.long, flag?.short])
  expect(own.filter(flag => taken.some(other => other === flag))).toEqual([])
})

for (const record of allRecords)
  test(`the default of \`${record.name}\` passes its own check unchanged`, () => {
    const result = safeParse(record.schema, record.default)
    expect(result.success && result.output).toEqual(record.default)
  })
