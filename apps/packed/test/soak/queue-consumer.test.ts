import { cp } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { InstalledProject } from '../support/installed-project.js'

const example = fileURLToPath(new URL('../../../../examples/queue-consumer/', import.meta.url))

test('the queue consumer of the examples builds, and loses no job of a real Redis server', async () => {
  await using directory = await temporaryDirectory()
  await cp(example, directory.path, {
    recursive: true,
    filter: path => !/queue-consumer\/(?:node_modules|dist)\b/.test(path),
  })
  const project = InstalledProject.at(directory.path)
  await project.install(['tunicorn', '--no-save'])
  const output = await project.run('npm', ['test'])
  // In TAP, and since Node.js 23 in words.
  expect(output).toMatch(/^[#ℹ] fail 0$/m)
})
