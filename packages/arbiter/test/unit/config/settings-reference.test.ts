import { safeParse } from 'valibot'
import { expect, test } from 'vitest'
import { settingNotes } from '../../../src/config/notes/setting-notes.js'
import { allRecords } from '../../../src/config/setting-records.js'
import { settingsReference } from '../../../src/config/settings-reference.js'

/** After a change of the records, `npx vitest run test/unit/config/settings-reference.test.ts -u` writes the file. */
test('docs/settings.md is what the setting records make it', async () => {
  await expect(settingsReference()).toMatchFileSnapshot('../../../../../docs/settings.md')
})

for (const record of allRecords)
  test(`the example of \`${record.name}\` in the reference is a right value, and not the default`, () => {
    const { example, exampleText } = settingNotes[record.name]
    const result = safeParse(record.schema, example)
    expect(result.success, `${record.name}: ${record.expected}`).toBe(true)
    expect(result.output).not.toEqual(record.default)
    if (exampleText !== undefined) expect(Number(exampleText)).toBe(example)
  })
