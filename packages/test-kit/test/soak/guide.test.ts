/** The first class of the guide fails what the guide says. */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startProcess, temporaryDirectory, testNode } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { blocksOf, readDocument } from '../support/documents.js'

const guide = 'writing-a-worker-class.md'
const command = fileURLToPath(new URL('../../bin/tunicorn-test-kit.js', import.meta.url))

test('the smallest class fails as many clauses as the guide says, and those', async () => {
  await using directory = await temporaryDirectory()
  const [first] = await blocksOf(guide)
  await writeFile(`${directory.path}/worker-class.mjs`, first?.code ?? '')
  await using run = await startProcess(testNode(), [command, './worker-class.mjs'], { cwd: directory.path })
  expect(await run.exited, run.output).toMatchObject({ code: 1 })
  const text = (await readDocument(guide)).replaceAll('\n', ' ')
  const [, said = '', list = ''] =
    /`SmallWorker` fails (\d+ of the \d+) that apply to it: (.*?)\. Of each/.exec(text) ?? []
  expect(run.output).toContain(`${said.replace('the ', '')} clauses failed`)
  const failed = [...run.output.matchAll(/^FAILED (WC-\d+)/gm)].map(([, id]) => id)
  expect(failed.sort()).toEqual([...list.matchAll(/WC-\d+/g)].map(([id]) => id))
})
