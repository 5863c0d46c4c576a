import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { resolveWorkerClass } from '../../../src/contract/resolve.js'
import { errorOf } from '../config/load.js'
import { createProject, esmPackage, workerClassSource } from '../config/project.js'

function installed(packageName: string, name: string): Record<string, string> {
  return esmPackage(packageName, workerClassSource(name))
}

const names: readonly (readonly [string, string])[] = [
  ['event-loop', '@tunicorn/worker-event-loop'],
  ['gevent', '@tunicorn/worker-event-loop'],
  ['eventlet', '@tunicorn/worker-event-loop'],
  ['gthread', '@tunicorn/worker-thread-pool'],
  ['uvicorn', '@tunicorn/worker-asgi'],
  ['uvicorn.workers.UvicornWorker', '@tunicorn/worker-asgi'],
  ['mine', 'tunicorn-worker-mine'],
  ['bare-package', 'bare-package'],
  ['@acme/workers', '@acme/workers'],
]

for (const [given, packageName] of names)
  test(`\`${given}\` is the class of ${packageName}, also when it only exports to import`, async () => {
    await using project = await createProject(
      Object.assign({}, ...names.map(([, name]) => installed(name, 'some-class'))),
    )
    const resolved = await resolveWorkerClass(given, project.path)
    const file = join(project.path, 'node_modules', packageName, 'dist/index.js')
    expect(resolved.url).toBe(pathToFileURL(file).href)
    expect(resolved.definition.name).toBe('some-class')
  })

test('our scope goes before the prefix, and the prefix before the bare name', async () => {
  await using project = await createProject(installed('mine', 'bare'))
  const nameOf = async (): Promise<string> => (await resolveWorkerClass('mine', project.path)).definition.name
  expect(await nameOf()).toBe('bare')
  await project.write(installed('tunicorn-worker-mine', 'prefixed'))
  expect(await nameOf()).toBe('prefixed')
  await project.write(installed('@tunicorn/worker-mine', 'scoped'))
  expect(await nameOf()).toBe('scoped')
})

test('a path and a URL are taken from the directory', async () => {
  await using project = await createProject({ 'w/mine.mjs': workerClassSource('by-path') })
  const url = pathToFileURL(join(project.path, 'w/mine.mjs')).href
  for (const name of ['./w/mine.mjs', join(project.path, 'w/mine.mjs'), url]) {
    const resolved = await resolveWorkerClass(name, project.path)
    expect([resolved.url, resolved.definition.name]).toEqual([url, 'by-path'])
  }
})

test('a worker class hoisted to a parent folder is found', async () => {
  await using project = await createProject({
    'apps/web/package.json': '{ "dependencies": { "@tunicorn/worker-event-loop": "1" } }',
    ...installed('@tunicorn/worker-event-loop', 'event-loop'),
    ...installed('@tunicorn/worker-asgi', 'asgi'),
  })
  const directory = join(project.path, 'apps/web')
  expect((await resolveWorkerClass('asgi', directory)).definition.name).toBe('asgi')
  expect((await resolveWorkerClass('', directory)).definition.name).toBe('event-loop')
})

test('without a name the only installed class is taken', async () => {
  await using project = await createProject(installed('tunicorn-worker-mine', 'mine'))
  expect((await resolveWorkerClass('', project.path)).definition.name).toBe('mine')
})

test('without a name and with several installed classes, sync is taken', async () => {
  await using project = await createProject({
    ...installed('@tunicorn/worker-sync', 'sync'),
    ...installed('@tunicorn/worker-asgi', 'asgi'),
  })
  const { definition, warnings } = await resolveWorkerClass('', project.path)
  expect(definition.name).toBe('sync')
  expect(warnings).toContain(
    'No worker class was named, and several are installed: `sync` is taken before asgi. Name one with `workerClass` (--worker-class)',
  )
})

const failures: readonly (readonly [string, string, Record<string, string>, string, string])[] = [
  [
    'one of our own that is not installed',
    'thread-pool',
    { 'node_modules/thread-pool/package.json': '{}', 'node_modules/thread-pool/index.js': '' },
    'WORKER_CLASS_NOT_FOUND',
    'Worker class "thread-pool" is not installed. Run: npm install @tunicorn/worker-thread-pool',
  ],
  [
    'an alias that is not installed',
    'gthread',
    {},
    'WORKER_CLASS_NOT_FOUND',
    'Worker class "thread-pool" is not installed. Run: npm install @tunicorn/worker-thread-pool',
  ],
  [
    'a mistyped name',
    'event-lop',
    installed('@tunicorn/worker-event-loop', 'event-loop'),
    'WORKER_CLASS_NOT_FOUND',
    'Worker class "event-lop" is not installed: no package @tunicorn/worker-event-lop or tunicorn-worker-event-lop or event-lop can be found from DIRECTORY. Installed: event-loop. Did you mean `event-loop`?',
  ],
  [
    'a path without a file',
    './none.js',
    {},
    'WORKER_CLASS_NOT_FOUND',
    'Worker class "./none.js" was not found: there is no file DIRECTORY/none.js',
  ],
  [
    'no name and nothing installed',
    '',
    {},
    'WORKER_CLASS_NOT_FOUND',
    'No worker class is installed. Run: npm install @tunicorn/worker-event-loop',
  ],
  [
    'no name and several without sync',
    '',
    { ...installed('@tunicorn/worker-asgi', 'asgi'), ...installed('tunicorn-worker-x', 'x') },
    'WORKER_CLASS_NOT_FOUND',
    'Several worker classes are installed: asgi, x. Choose one with `workerClass` (--worker-class)',
  ],
  [
    'a package that is not built',
    'mine',
    { 'node_modules/tunicorn-worker-mine/package.json': '{ "exports": "./dist/index.js" }' },
    'WORKER_CLASS_INVALID',
    'Worker class "mine" cannot be loaded: the package `tunicorn-worker-mine` exports `./dist/index.js`, which does not exist; is it built?',
  ],
  [
    'a module that throws',
    './w.mjs',
    { 'w.mjs': `throw new Error('oops')` },
    'WORKER_CLASS_INVALID',
    'Worker class "./w.mjs" cannot be loaded: Error: oops',
  ],
  [
    'a module that is no worker class',
    'bare',
    { 'node_modules/bare/package.json': '{}', 'node_modules/bare/index.js': 'module.exports = { a: 1 }' },
    'WORKER_CLASS_INVALID',
    '`bare` is not a worker class: expected `contract` to be 1, got `undefined`',
  ],
  [
    'contract 2',
    './w.mjs',
    { 'w.mjs': 'export default { contract: 2 }' },
    'WORKER_CLASS_INVALID',
    '`./w.mjs` is not a worker class: it implements contract 2, and this arbiter knows contract 1. Upgrade it: npm install tunicorn@latest',
  ],
]

for (const [what, name, files, code, message] of failures)
  test(`the error for ${what} says what to do`, async () => {
    await using project = await createProject(files)
    const error = await errorOf(resolveWorkerClass(name, project.path))
    expect(error.code).toBe(code)
    expect(error.message).toBe(message.replaceAll('DIRECTORY', project.path))
  })
