import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { installedWorkerClasses } from '../../../src/contract/installed.js'
import { createProject, esmPackage } from '../config/project.js'

test('installed worker classes are found by the names of packages, without importing them', async () => {
  const throwing = `throw new Error('never imported')`
  await using project = await createProject({
    'package.json': JSON.stringify({
      dependencies: { '@tunicorn/worker-asgi': '1', '@acme/tunicorn-worker-x': '1', express: '5' },
      devDependencies: { 'tunicorn-worker-dev': '1', 'tunicorn-worker-absent': '1' },
    }),
    ...esmPackage('@tunicorn/worker-asgi', throwing),
    ...esmPackage('@tunicorn/worker-sync', throwing),
    ...esmPackage('@tunicorn/http', throwing),
    ...esmPackage('@acme/tunicorn-worker-x', throwing),
    ...esmPackage('tunicorn-worker-dev', throwing),
    ...esmPackage('express', throwing),
  })
  const classes = installedWorkerClasses(project.path)
  expect(classes.map(({ name, packageName, isDeclared }) => [name, packageName, isDeclared])).toEqual([
    ['@acme/tunicorn-worker-x', '@acme/tunicorn-worker-x', true],
    ['asgi', '@tunicorn/worker-asgi', true],
    ['dev', 'tunicorn-worker-dev', true],
    ['sync', '@tunicorn/worker-sync', false],
  ])
  const file = join(project.path, 'node_modules/tunicorn-worker-dev/dist/index.js')
  expect(classes[2]?.url).toBe(pathToFileURL(file).href)
})

test('what a folder of a monorepo declares is told from what merely lies in a parent', async () => {
  await using project = await createProject({
    'package.json': '{ "workspaces": ["apps/*"] }',
    'apps/web/package.json': '{ "dependencies": { "@tunicorn/worker-event-loop": "1" } }',
    'apps/web/src/app.js': '',
    ...esmPackage('@tunicorn/worker-event-loop', ''),
    ...esmPackage('@tunicorn/worker-sync', ''),
  })
  const classes = installedWorkerClasses(join(project.path, 'apps/web/src'))
  expect(classes.map(({ name, isDeclared }) => [name, isDeclared])).toEqual([
    ['event-loop', true],
    ['sync', false],
  ])
})

test('a project without packages has no worker classes', async () => {
  await using project = await createProject({ 'package.json': 'not JSON' })
  expect(installedWorkerClasses(project.path)).toEqual([])
})
