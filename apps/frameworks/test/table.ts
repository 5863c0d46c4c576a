/** Every framework, one after the other, and the table of what was seen. `FRAMEWORKS=Next|Astro`: those alone. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtFrameworks } from './support/built.js'
import { build, install, pack } from './support/install.js'
import { lightFrameworks } from './support/light.js'
import { runFramework, type Served } from './support/run-framework.js'
import { documentedRows, rowOf, writeTable } from './support/table.js'

const chosen = new RegExp(process.env.FRAMEWORKS ?? '')

test('all frameworks are served, and the table says so', async () => {
  const tarballs = await pack()
  const rows = new Map<string, string>()
  const add = (served: Served): void => void rows.set(served.framework.name, rowOf(served))
  const light = await install('light', tarballs)
  for (const framework of lightFrameworks.filter(({ name }) => chosen.test(name))) {
    const folder = join(light, framework.folder.replace('light/', ''))
    add(await runFramework(framework, { installed: light, folder }))
  }
  for (const framework of builtFrameworks.filter(({ name }) => chosen.test(name))) {
    const folder = await install(framework.folder, tarballs)
    await build(framework.folder, folder)
    add(await runFramework(framework, { installed: folder, folder }))
  }
  const names = [...lightFrameworks, ...builtFrameworks].map(({ name }) => name)
  await writeTable(names, rows)
  expect(await documentedRows()).toHaveLength(names.length)
})
