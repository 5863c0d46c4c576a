/** Apps of frameworks that need no build, unmodified, as the table in the docs says. */
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { install, pack } from '../support/install.js'
import { lightFrameworks } from '../support/light.js'
import { runFramework } from '../support/run-framework.js'
import { documentedRows, rowOf } from '../support/table.js'

let installed = ''

beforeAll(async () => {
  installed = await install('light', await pack())
}, 240_000)

test.concurrent.each(lightFrameworks)('$name is served as it is', async framework => {
  const folder = join(installed, framework.folder.replace('light/', ''))
  const served = await runFramework(framework, { installed, folder })
  expect(await documentedRows()).toContain(rowOf(served))
})
