/** The release, rehearsed: everything is published to a registry of our own, and users install it from there. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  checkAllOk,
  codeIn,
  LoadRun,
  Successors,
  servingUrl,
  startProcess,
  type TemporaryDirectory,
  temporaryDirectory,
  testNode,
} from '@tunicorn/harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageManagers } from '../support/package-managers.js'
import { RepositoryCopy } from '../support/repository-copy.js'
import { runToEnd } from '../support/run.js'
import { startVerdaccio, type Verdaccio } from '../support/verdaccio.js'

const quickStart = ['tunicorn', '@tunicorn/worker-event-loop']

let registry: Verdaccio
let repository: RepositoryCopy
let app: string

beforeAll(async () => {
  registry = await startVerdaccio()
  repository = await RepositoryCopy.create({ built: true })
  const readme = await readFile(fileURLToPath(new URL('../../../../README.md', import.meta.url)), 'utf8')
  app = codeIn(readme, 'js')[0] ?? ''
  await repository.version()
  await repository.commit()
  await repository.publish(registry.env)
})

afterAll(async () => {
  await registry[Symbol.asyncDispose]()
  await repository[Symbol.asyncDispose]()
})

test('every package can be had in the version that its changesets ask for', async () => {
  for (const [name, { version }] of await repository.published())
    expect([name, await latest(name)]).toEqual([name, version])
})

test.each(packageManagers)('the quick start serves with $name', async manager => {
  await using project = await emptyProject()
  const env = manager.env(registry)
  const options = { cwd: project.path, env }
  const [command = '', ...first] = manager.command
  await runToEnd(command, [...first, ...manager.install, ...quickStart, ...manager.extra], options)
  await using running = await startProcess(
    command,
    [...first, ...manager.exec, 'tunicorn', './app.mjs', '--workers', '2', '--bind', '127.0.0.1:0'],
    options,
  )
  expect(await (await fetch(await servingUrl(running, 60_000))).text()).toMatch(/^Hello from worker \d+\n$/)
})

test('npm creates a worker class, which finds all that it asks for', async () => {
  await using project = await emptyProject()
  await runToEnd('npm', ['create', '--yes', 'tunicorn-worker@latest', 'my-class', '--', '--language', 'js'], {
    cwd: project.path,
    env: registry.env,
  })
  const cwd = join(project.path, 'tunicorn-worker-my-class')
  await runToEnd('npm', ['install', '--no-audit', '--no-fund'], { cwd, env: registry.env })
  const output = await runToEnd('npm', ['ls', '@tunicorn/test-kit'], { cwd, env: registry.env })
  expect(output).toContain(
    `@tunicorn/test-kit@${(await repository.published()).get('@tunicorn/test-kit')?.version}`,
  )
})

test('a server that runs is upgraded to the next release, and loses no request', async () => {
  await using project = await emptyProject()
  const install = ['install', '--no-audit', '--no-fund', ...quickStart.map(name => `${name}@latest`)]
  const options = { cwd: project.path, env: registry.env }
  await runToEnd('npm', install, options)
  const bin = join(project.path, 'node_modules/tunicorn/bin/tunicorn.js')
  await using server = await startProcess(
    testNode(),
    [bin, './app.mjs', '--workers', '2', '--canary-seconds', '1', '--bind', '127.0.0.1:0'],
    { cwd: project.path },
  )
  using successors = new Successors(server)
  const url = await servingUrl(server, 60_000)
  await using load = new LoadRun({ to: url, maxRequests: Number.POSITIVE_INFINITY, maxMs: 290_000 })
  await load.waitForAnswers(100)
  const before = await latest('tunicorn')

  const packages = [...(await repository.published()).keys()]
  const changeset = `---\n${packages.map(name => `'${name}': patch`).join('\n')}\n---\n\nThe next one.\n`
  await writeFile(join(repository.path, '.changeset/next.md'), changeset)
  await repository.commit()
  await repository.version()
  await repository.commit()
  await repository.publish(registry.env)
  const after = await latest('tunicorn')
  expect(after).not.toBe(before)

  await runToEnd('npm', install, options)
  await successors.upgrade()
  await load.waitForAnswers(100)
  checkAllOk(await load.stop())
  expect(server.output).toContain(`Starting tunicorn ${before}`)
  expect(server.output).toContain(`Starting tunicorn ${after}`)
  process.kill(successors.newest, 'SIGTERM')
  await server.closed
})

async function emptyProject(): Promise<TemporaryDirectory> {
  const directory = await temporaryDirectory()
  await writeFile(
    join(directory.path, 'package.json'),
    '{ "name": "app", "private": true, "type": "module" }',
  )
  await writeFile(join(directory.path, 'app.mjs'), app)
  // Yarn looks for the root of a project above one that has no lock file.
  await writeFile(join(directory.path, 'yarn.lock'), '')
  return directory
}

async function latest(name: string): Promise<string> {
  const response = await fetch(new URL(encodeURIComponent(name), registry.url))
  const tags: unknown = Object(await response.json())['dist-tags']
  return String(Object(tags).latest)
}
