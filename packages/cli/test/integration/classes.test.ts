import { temporaryDirectory } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { createProject, runToEnd } from './project.js'

const broken = {
  'package.json': '{ "dependencies": { "@tunicorn/worker-event-loop": "1" } }',
  'node_modules/tunicorn-worker-broken/package.json':
    '{ "name": "tunicorn-worker-broken", "version": "1.2.3", "type": "module", "exports": "./index.js" }',
  'node_modules/tunicorn-worker-broken/index.js': 'export default { contract: 7 }',
}

test('`classes` lists what is installed, with capabilities or with the reason why it cannot be used', async () => {
  await using project = await createProject(broken)
  const { code, output } = await runToEnd(project, ['classes'])
  expect(code).toBe(0)
  expect(output).toMatch(/^broken {2}\(tunicorn-worker-broken 1\.2\.3\)\n {2}cannot be used: .*contract 7/)
  expect(output).toContain('\n  not in the dependencies of package.json\n')
  expect(output).toMatch(/^event-loop {2}\(@tunicorn\/worker-event-loop \d+\.\d+\.\d+\)$/m)
  expect(output).toMatch(/^ {2}app kinds {4}node, fetch$/m)
  expect(output).toMatch(/^ {2}lacks {8}lifespan$/m)
})

test('`classes --json` prints the same as an array', async () => {
  await using project = await createProject(broken)
  const { code, output } = await runToEnd(project, ['classes', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(output)).toMatchObject([
    { type: 'unusable', name: 'broken', problem: expect.stringContaining('contract 7') },
    { type: 'usable', name: 'event-loop', contract: 1, capabilities: { streaming: true }, isDeclared: true },
  ])
})

test('`classes` in a project without any says what to install', async () => {
  await using directory = await temporaryDirectory()
  const { code, output } = await runToEnd(directory, ['classes'])
  expect(code).toBe(0)
  expect(output).toContain('npm install @tunicorn/worker-event-loop')
})

test('`classes` refuses what it does not know', async () => {
  await using project = await createProject()
  for (const [args, message] of [
    [['--jsn'], /unknown option '--jsn' \(Did you mean --json\?\)/],
    [['./app.js'], /too many arguments/],
  ] as const) {
    const { code, output } = await runToEnd(project, ['classes', ...args])
    expect(code).toBe(1)
    expect(output).toMatch(message)
    expect(output.trimEnd().split('\n')).toHaveLength(1)
  }
})
