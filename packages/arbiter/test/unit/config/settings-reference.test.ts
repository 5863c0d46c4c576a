import { expect, test } from 'vitest'
import { settingsReference } from '../../../src/config/settings-reference.js'

/** After a change of the records, `npx vitest run test/unit/config/settings-reference.test.ts -u` writes the file. */
test('docs/settings.md is what the setting records make it', async () => {
  await expect(settingsReference()).toMatchFileSnapshot('../../../../../docs/settings.md')
})
