import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryDirectory } from '@tunicorn/harness'
import { expect, inject, test } from 'vitest'
import { InstalledProject } from '../support/installed-project.js'
import { packFolder, repack } from '../support/pack.js'
import { startRegistry } from '../support/registry.js'
import { runToEnd } from '../support/run.js'

test('npm refuses a worker class whose peer range excludes the arbiter, and with force we say so at the start', async () => {
  await using directory = await temporaryDirectory()
  const workerClass = await repack(
    tarballOf('@tunicorn/worker-event-loop'),
    manifest => ({ ...manifest, peerDependencies: { '@tunicorn/arbiter': '^7.0.0' } }),
    directory.path,
  )
  await using project = await InstalledProject.create({ install: ['tunicorn'], files: { 'app.js': app } })

  const refusal = await project.install([workerClass]).catch(String)
  expect(refusal).toContain('ERESOLVE')
  expect(refusal).toContain('peer @tunicorn/arbiter@"^7.0.0" from @tunicorn/worker-event-loop@')

  await project.install([workerClass, '--legacy-peer-deps'])
  const { running } = await project.serve('./app.js')
  await using _ = running
  expect(running.output).toMatch(
    /@tunicorn\/worker-event-loop \S+ is made for @tunicorn\/arbiter \^7\.0\.0, and \S+ runs it/,
  )
})

test('a project that holds an older arbiter is told at the start that two versions disagree', async () => {
  await using directory = await temporaryDirectory()
  const older = await repack(tarballOf('@tunicorn/arbiter'), release('0.0.0-old.1'), directory.path)
  const workerClass = await repack(
    tarballOf('@tunicorn/worker-event-loop'),
    manifest => ({ ...manifest, peerDependencies: { '@tunicorn/arbiter': '>=0.0.0-old.0' } }),
    directory.path,
  )
  const shared = await Promise.all(
    ['@tunicorn/http', '@tunicorn/net'].map(async name => {
      // Each is unpacked into a folder of its own.
      const folder = join(directory.path, name)
      await mkdir(folder, { recursive: true })
      return repack(
        tarballOf(name),
        manifest => ({ ...manifest, peerDependencies: { '@tunicorn/arbiter': '>=0.0.0-old.0' } }),
        folder,
      )
    }),
  )
  await using registry = await startRegistry([older, tarballOf('@tunicorn/arbiter'), ...shared])
  await using project = await InstalledProject.create({
    install: ['@tunicorn/arbiter@0.0.0-old.1', 'tunicorn', workerClass],
    files: { 'app.js': app },
    registry: registry.url,
  })
  const { url, running } = await project.serve('./app.js')
  await using _ = running
  expect(await (await fetch(url)).text()).toBe('served')
  expect(running.output).toMatch(
    /@tunicorn\/worker-event-loop \S+ uses @tunicorn\/arbiter 0\.0\.0-old\.1 in .*, and \S+ runs it\. Keep one of them: npm install/,
  )
  const classes: unknown = JSON.parse(await project.tunicorn(['classes', '--json']))
  expect(classes).toMatchObject([{ type: 'usable', warnings: [expect.stringContaining('0.0.0-old.1')] }])
})

test('a worker class of a later contract is refused before anything is bound', async () => {
  await using directory = await temporaryDirectory()
  await using project = await InstalledProject.create({ install: ['tunicorn'], files: { 'app.js': app } })
  await project.write({
    'later/package.json': '{ "name": "tunicorn-worker-later", "version": "1.0.0", "exports": "./index.mjs" }',
    'later/index.mjs': 'export default { contract: 2 }',
  })
  await project.install([await packFolder(`${project.path}/later`, directory.path)])
  const output = await project.tunicorn(['./app.js'], 1)
  expect(output).toMatch(
    /it implements contract 2, and this arbiter knows contract 1\. Upgrade it: npm install tunicorn@latest/,
  )
  expect(output).not.toContain('Listening at')
})

test('the newest npm installs the same, and what it installed serves', async () => {
  const npm = ['npx', '--yes', '--prefer-offline', 'npm@latest']
  const version = await runToEnd('npx', [...npm.slice(1), '--version'])
  console.log(`the newest npm: ${version.trim().split('\n').at(-1)}`)
  await using project = await InstalledProject.create({
    install: ['tunicorn', '@tunicorn/worker-thread-pool'],
    files: { 'app.js': app },
    npm,
  })
  const packages = await project.packages()
  expect(packages).toContain('node_modules/piscina')
  expect(packages.filter(path => path.endsWith('@tunicorn/arbiter'))).toHaveLength(1)
  const { url, running } = await project.serve('./app.js')
  await using _ = running
  expect(await (await fetch(url)).text()).toBe('served')
})

const app = `export default (req, res) => res.end('served')`

function tarballOf(name: string): string {
  const tarball = inject('tarballs')[name]
  if (tarball === undefined) throw new Error(`${name} was not packed`)
  return tarball
}

function release(version: string) {
  return (manifest: { readonly name: string }) => ({ ...manifest, version })
}
