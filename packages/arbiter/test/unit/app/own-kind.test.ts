import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { type AppSource, loadApp } from '../../../src/app/load.js'
import { errorOf } from '../config/load.js'
import { createProject } from '../config/project.js'

function sourceOf(folder: string): AppSource {
  return {
    url: pathToFileURL(join(folder, 'app.mjs')).href,
    exportName: '',
    kind: 'auto',
    specifier: 'app.mjs',
  }
}

test('an app of the only kind of a worker class needs no name of its kind', async () => {
  await using project = await createProject({ 'app.mjs': 'export default { ping: () => 1 }' })
  const app = await loadApp(sourceOf(project.path), ['resp'])
  expect(app).toMatchObject({ kind: 'resp', value: { ping: expect.any(Function) } })
})

test('among several kinds one that cannot be told from the export has to be named', async () => {
  await using project = await createProject({ 'app.mjs': 'export default { ping: () => 1 }' })
  const source = sourceOf(project.path)
  expect(await errorOf(loadApp(source, ['resp', 'node']))).toMatchObject({ code: 'APP_NOT_USABLE' })
  expect(await loadApp({ ...source, kind: 'resp' }, ['resp', 'node'])).toMatchObject({ kind: 'resp' })
})
