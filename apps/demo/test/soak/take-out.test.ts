import { cp, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeIn, servingUrl, startTunicorn, temporaryDirectory } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { demoFolder } from '../support/demo.js'

test('the group that the README takes out runs in a project of its own', async () => {
  await using project = await temporaryDirectory()
  const readme = await readFile(join(demoFolder, 'README.md'), 'utf8')
  const section = readme.slice(readme.indexOf('## Take one group out'))
  const [app, config] = codeIn(section, 'ts')

  // What the commands do, with the packages of this repository in place of those of a registry.
  for (const folder of ['cpu', 'shared'])
    await cp(join(demoFolder, 'src', folder), join(project.path, folder), { recursive: true })
  await symlink(join(demoFolder, '../../node_modules'), join(project.path, 'node_modules'))
  await writeFile(join(project.path, 'package.json'), '{ "type": "module" }')
  await writeFile(join(project.path, 'app.ts'), app ?? '')
  await writeFile(join(project.path, 'tunicorn.config.ts'), config ?? '')

  await using tunicorn = await startTunicorn({ args: ['--bind', '127.0.0.1:0'], cwd: project.path })
  const response = await fetch(`${await servingUrl(tunicorn)}/?view=0&column=1&row=2`)
  expect(response.headers.get('content-type'), tunicorn.output).toBe('image/png')
  expect(await tunicorn.stop()).toEqual({ code: 0, signal: null })
})
