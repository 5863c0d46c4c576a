/** The README of the repository, done as it says. */
import { access, readFile } from 'node:fs/promises'
import { codeIn, servingUrl, startTunicorn } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { createProject, runToEnd } from '../integration/project.js'

const root = new URL('../../../../', import.meta.url)
const readme = await readFile(new URL('README.md', root), 'utf8')
const packageJson = '{ "type": "commonjs" }'

test('the app of the README is served by the command of the README', async () => {
  const [app = ''] = codeIn(readme, 'js')
  const [quickStart = ''] = codeIn(readme, 'sh')
  await using project = await createProject({ 'app.mjs': app, 'package.json': packageJson })
  const command = quickStart.split('\n').find(line => line.startsWith('npx tunicorn ')) ?? ''
  const args = command.replace('0.0.0.0:8000', '127.0.0.1:0').split(' ').slice(2)
  await using server = await startTunicorn({ args, cwd: project.path })
  expect(await (await fetch(await servingUrl(server))).text()).toMatch(/^Hello from worker \d+\n$/)
  await server.stop()
})

test('the config file of the README is a right one', async () => {
  const [config = '', ...others] = codeIn(readme, 'ts')
  expect(others).toEqual([])
  await using project = await createProject({
    'tunicorn.config.ts': config,
    'app.mjs': 'export default (req, res) => res.end()',
    'package.json': packageJson,
  })
  const { code, output } = await runToEnd(project, ['--print-config'])
  expect(output).toMatch(/^gracefulTimeout += 20 +\(config file\)$/m)
  expect(code).toBe(0)
})

test('every file that the README links to is there', async () => {
  const targets = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path)
  expect(targets.length).toBeGreaterThan(10)
  for (const target of targets) await access(new URL(target, root))
})
