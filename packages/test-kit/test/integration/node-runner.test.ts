import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startProcess, temporaryDirectory, testNode } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { blocksOf } from '../support/documents.js'

const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url))

test('the test in the README runs under `node:test` and says that a class conforms', async () => {
  await using directory = await temporaryDirectory()
  const { path } = directory
  const [block] = (await blocksOf('../packages/test-kit/README.md')).filter(({ fileName }) => fileName !== '')
  await symlink(modules, `${path}/node_modules`)
  await mkdir(`${path}/test`)
  await mkdir(`${path}/dist`)
  await writeFile(`${path}/package.json`, '{ "type": "module" }')
  await writeFile(`${path}/dist/index.js`, "export { default } from '@tunicorn/worker-event-loop'\n")
  await writeFile(`${path}/test/${block?.fileName}`, block?.code ?? '')
  await using run = await startProcess(testNode(), ['--test', `test/${block?.fileName}`], { cwd: path })
  expect(await run.exited, run.output).toMatchObject({ code: 0 })
  expect(run.output).toContain('event-loop conforms to WorkerClass contract 1 (39 clauses, 0 as refusals)')
})
