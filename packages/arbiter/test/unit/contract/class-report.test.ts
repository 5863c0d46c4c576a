import { expect, test } from 'vitest'
import { reportWorkerClasses } from '../../../src/contract/class-report.js'
import { createProject, esmPackage, workerClassSource } from '../config/project.js'

const dependencies = (...names: readonly string[]): string =>
  JSON.stringify({ name: 'app', dependencies: Object.fromEntries(names.map(name => [name, '1'])) })

test('classes that can be used are reported with their contract and capabilities, others with the reason', async () => {
  await using project = await createProject({
    'package.json': dependencies('tunicorn-worker-gone', 'tunicorn-worker-good', 'tunicorn-worker-unbuilt'),
    ...esmPackage('tunicorn-worker-good', workerClassSource('better-name')),
    ...esmPackage('tunicorn-worker-future', `export default { contract: 2 }`),
    ...esmPackage('tunicorn-worker-thrower', `throw new TypeError('no such device')`),
    ...esmPackage('tunicorn-worker-other', `export default { contract: 1, name: 'Other' }`),
    'node_modules/tunicorn-worker-unbuilt/package.json': '{ "exports": "./dist/index.js" }',
  })
  const reports = await reportWorkerClasses(project.path)
  const [future, gone, good, other, thrower, unbuilt] = reports
  expect(reports).toHaveLength(6)
  expect(good).toMatchObject({
    type: 'usable',
    name: 'good',
    className: 'better-name',
    contract: 1,
    isDeclared: true,
    capabilities: { appKinds: ['node', 'fetch'], lifespan: false },
  })
  expect(future).toMatchObject({ type: 'unusable', name: 'future', isDeclared: false })
  const problems = [future, gone, other, thrower, unbuilt].map(report =>
    report?.type === 'unusable' ? report.problem : report,
  )
  expect(problems).toEqual([
    expect.stringContaining('implements contract 2, and this arbiter knows contract 1'),
    'package.json names it, and it is not installed. Run: npm install',
    expect.stringMatching(/expected `name`.*got `"Other"` \(string\); expected `capabilities`/),
    'TypeError: no such device',
    'the package exports `./dist/index.js`, which does not exist; is it built?',
  ])
})

test('a project without worker classes has no reports', async () => {
  await using project = await createProject({ 'package.json': dependencies('express') })
  expect(await reportWorkerClasses(project.path)).toEqual([])
})
