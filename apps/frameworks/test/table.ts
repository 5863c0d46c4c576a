/** Every framework, one after the other, and the table of what was seen. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtFrameworks } from './support/built.js'
import { install, pack, run } from './support/install.js'
import { lightFrameworks } from './support/light.js'
import { runFramework, type Served } from './support/run-framework.js'
import { documentedRows, writeTable } from './support/table.js'

test('all frameworks are served, and the table says so', async () => {
  const tarballs = await pack()
  const served: Served[] = []
  const light = await install('light', tarballs)
  for (const framework of lightFrameworks) {
    const folder = join(light, framework.folder.replace('light/', ''))
    served.push(await runFramework(framework, { installed: light, folder }))
  }
  for (const framework of builtFrameworks) {
    const folder = await install(framework.folder, tarballs)
    await run('npm', ['run', 'build'], folder)
    served.push(await runFramework(framework, { installed: folder, folder }))
  }
  await writeTable(served)
  expect(await documentedRows()).toHaveLength(served.length)
})
