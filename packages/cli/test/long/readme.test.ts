import { readFile } from 'node:fs/promises'
import { codeIn, startProcess, testNode } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { createProject, runToEnd } from '../integration/project.js'

/** The code blocks of a README, in a language. */
async function blocks(path: string, language: string): Promise<readonly string[]> {
  return codeIn(await readFile(new URL(path, import.meta.url), 'utf8'), language)
}

const app = `export default (req, res) => res.end('hello')`

test('the command of the README is a right one', async () => {
  await using project = await createProject({ 'app.mjs': app, 'package.json': '{ "type": "commonjs" }' })
  const [shell = ''] = await blocks('../../README.md', 'sh')
  const command = shell.split('\n').find(line => line.startsWith('npx tunicorn '))
  const { code, output } = await runToEnd(project, [...(command ?? '').split(' ').slice(2), '--print-config'])
  expect(output).toMatch(/^workers += 2 +\(flag\)$/m)
  expect(code).toBe(0)
})

test('the config files of the README are right ones', async () => {
  const files = await blocks('../../README.md', 'ts')
  expect(files).toHaveLength(2)
  for (const file of files) {
    await using project = await createProject({
      'tunicorn.config.ts': file,
      'app.mjs': app,
      'web.mjs': app,
      'api.mjs': app,
      'package.json': '{ "type": "commonjs" }',
    })
    const { code, output } = await runToEnd(project, ['--print-config'])
    expect(output).toMatch(/^config file: .*tunicorn\.config\.ts$/m)
    expect(code).toBe(0)
  }
})

test('the embedding in the README of the arbiter starts, reloads and stops', async () => {
  const [embedding = ''] = await blocks('../../../arbiter/README.md', 'js')
  await using project = await createProject({
    'app.mjs': app,
    'serve.mjs': embedding,
    'package.json': '{ "type": "commonjs" }',
  })
  await using running = await startProcess(testNode(), ['serve.mjs'], { cwd: project.path })
  const { code } = await running.exited
  expect(running.output).toMatch(/address: '127\.0\.0\.1'/)
  expect(code).toBe(0)
})

test('the worker class in the README of the arbiter passes the check of worker classes', async () => {
  const [, workerClass = ''] = await blocks('../../../arbiter/README.md', 'js')
  await using project = await createProject({ 'my-class.mjs': workerClass })
  const { code, output } = await runToEnd(project, ['./app.mjs', '-k', './my-class.mjs', '--print-config'])
  expect(output).toMatch(/^workerClass += "my-class" +\(flag\)$/m)
  expect(code).toBe(0)
})
