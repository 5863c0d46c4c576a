import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeIn, temporaryDirectory } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { InstalledProject } from '../support/installed-project.js'
import { packFolder } from '../support/pack.js'

const example = fileURLToPath(new URL('../../../../examples/third-party-worker/', import.meta.url))

test('the worker class of the example builds, conforms, and serves Redis clients through a reload', async () => {
  await using directory = await temporaryDirectory()
  await cp(example, directory.path, {
    recursive: true,
    filter: path => !/third-party-worker\/(?:node_modules|dist)\b/.test(path),
  })
  const project = InstalledProject.at(directory.path)
  await project.install(['tunicorn', '--no-save'])
  const output = await project.run('npm', ['test'])
  expect(output).toMatch(/resp conforms to WorkerClass contract 1 \(\d+ clauses/)
  // In TAP, and since Node.js 23 in words.
  expect(output).toMatch(/^[#ℹ] fail 0$/m)

  const tarball = await packFolder(directory.path, directory.path)
  await using user = await InstalledProject.create({ install: ['tunicorn', tarball] })
  await user.write({ 'app.mjs': await readmeApp() })
  expect(await user.tunicorn(['classes'])).toMatch(/^resp {2}\(tunicorn-worker-resp 1\.0\.0\)$/m)
  expect(await user.tunicorn(['./app.mjs', '--check-config'])).toContain('Configuration OK')
  const packages = await user.packages()
  expect(packages.filter(path => path.endsWith('@tunicorn/arbiter'))).toHaveLength(1)
  expect(packages).not.toContain('node_modules/@tunicorn/http')
})

/** The app of its README. */
async function readmeApp(): Promise<string> {
  const readme = await readFile(join(example, 'README.md'), 'utf8')
  return codeIn(readme, 'js')[0] ?? ''
}
