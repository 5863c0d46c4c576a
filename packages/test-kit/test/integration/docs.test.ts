import { symlink, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  servingUrl,
  startProcess,
  startTunicorn,
  type TemporaryDirectory,
  temporaryDirectory,
  testNode,
} from '@tunicorn/harness'
import { listClauses } from '@tunicorn/test-kit'
import { expect, test } from 'vitest'
import { blocksOf, readDocument } from '../support/documents.js'

const guide = 'writing-a-worker-class.md'
const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url))

/** The files of the guide, with the packages of this repository beside them. */
async function project(): Promise<TemporaryDirectory> {
  const directory = await temporaryDirectory()
  await symlink(modules, `${directory.path}/node_modules`)
  for (const { fileName, code } of await blocksOf(guide))
    if (fileName !== '') await writeFile(`${directory.path}/${fileName}`, code)
  return directory
}

test('the document of the clauses and the suite agree, both ways', async () => {
  const text = await readDocument('worker-class-contract.md')
  const documented = [...text.matchAll(/^### (WC-\d+), (.*)\n\n(.*)\.\n\nTest: .+\.$/gm)].map(match =>
    match.slice(1, 4),
  )
  const tested = listClauses().map(({ id, about, sentence, isRefusal }) => [
    id,
    `${about === '' ? 'every class' : about}${isRefusal ? ' (a refusal)' : ''}`,
    sentence,
  ])
  expect(documented).toEqual(tested)
})

test('every block of the guide is a file, a command or the manifest', async () => {
  const blocks = await blocksOf(guide)
  expect(blocks.map(({ language, fileName }) => `${language} ${fileName}`)).toEqual([
    'js worker-class.mjs',
    'js app.mjs',
    'sh ',
    'js greeting-class.mjs',
    'sh ',
    'js conformance.test.mjs',
    'json ',
  ])
})

test('the commands of the guide serve its app', async () => {
  await using directory = await project()
  const commands = (await blocksOf(guide)).filter(({ language }) => language === 'sh')
  const answers: (string | null)[] = []
  for (const { code } of commands) {
    const args = code.trim().replace(':8000', ':0').split(' ').slice(2)
    await using server = await startTunicorn({ args, cwd: directory.path })
    const response = await fetch(await servingUrl(server))
    answers.push(await response.text(), response.headers.get('x-greeting'))
    expect((await server.stop('SIGTERM')).code, server.output).toBe(0)
  }
  expect(answers).toEqual(['hello\n', null, 'hello\n', 'hi'])
})

test('the class of the guide conforms, as the guide says', async () => {
  await using directory = await project()
  await using run = await startProcess(testNode(), ['--test', 'conformance.test.mjs'], {
    cwd: directory.path,
  })
  expect(await run.exited, run.output).toMatchObject({ code: 0 })
  const [, said = ''] = /ends with `(.*?)`/.exec((await readDocument(guide)).replaceAll('\n', ' ')) ?? []
  expect(said).toMatch(/^greeting conforms/)
  expect(run.output).toContain(said)
})

test('the manifest of the guide has the arbiter as a peer', async () => {
  const [block] = (await blocksOf(guide)).filter(({ language }) => language === 'json')
  const manifest: unknown = JSON.parse(block?.code ?? '')
  expect(manifest).toMatchObject({
    name: expect.stringMatching(/^tunicorn-worker-/),
    exports: { '.': './greeting-class.mjs' },
    peerDependencies: { '@tunicorn/arbiter': expect.any(String) },
  })
  expect(manifest).not.toHaveProperty(['dependencies', '@tunicorn/arbiter'])
})
