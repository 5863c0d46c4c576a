import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { resolvePackage } from '../../../src/modules/resolve-package.js'
import { createProject } from '../config/project.js'

/** A package `p` with every file that the cases name. */
function packageFiles(manifest: object): Record<string, string> {
  const names = [
    'index.js',
    'main.js',
    'import.js',
    'require.js',
    'node.js',
    'sub.js',
    'lib/a.js',
    'lib/deep/a.js',
    'lib/index.js',
  ]
  return {
    'node_modules/p/package.json': JSON.stringify({ name: 'p', ...manifest }),
    ...Object.fromEntries(names.map(name => [`node_modules/p/${name}`, ''])),
  }
}

const cases: readonly (readonly [string, object, string, string])[] = [
  ['no exports and no main', {}, 'p', 'index.js'],
  ['a main', { main: './main.js' }, 'p', 'main.js'],
  ['a main without its extension', { main: 'main' }, 'p', 'main.js'],
  ['a main that is a folder', { main: 'lib' }, 'p', 'lib/index.js'],
  ['a subpath without exports', {}, 'p/sub.js', 'sub.js'],
  ['exports that are a path', { exports: './import.js', main: './main.js' }, 'p', 'import.js'],
  ['only an import condition', { exports: { import: './import.js' } }, 'p', 'import.js'],
  ['only a default condition', { exports: { '.': { default: './import.js' } } }, 'p', 'import.js'],
  [
    'require before import',
    { exports: { '.': { require: './require.js', import: './import.js' } } },
    'p',
    'import.js',
  ],
  [
    'nested conditions',
    { exports: { '.': { node: { require: './require.js', import: './node.js' } } } },
    'p',
    'node.js',
  ],
  [
    'nested conditions of which none holds',
    { exports: { '.': { node: { require: './require.js' }, default: './index.js' } } },
    'p',
    'index.js',
  ],
  ['a list of targets', { exports: ['not-relative', './import.js'] }, 'p', 'import.js'],
  ['a named subpath', { exports: { './s': { import: './sub.js' } } }, 'p/s', 'sub.js'],
  ['a pattern', { exports: { './x/*': './lib/*.js' } }, 'p/x/a', 'lib/a.js'],
  [
    'the most specific pattern',
    { exports: { './x/*': './lib/*.js', './x/y/*.js': './lib/deep/*.js' } },
    'p/x/y/a.js',
    'lib/deep/a.js',
  ],
]

for (const [what, manifest, specifier, file] of cases)
  test(`a package with ${what} resolves as an import does`, async () => {
    await using project = await createProject(packageFiles(manifest))
    const url = pathToFileURL(join(project.path, 'node_modules/p', file)).href
    expect(resolvePackage(specifier, project.path)).toEqual({ type: 'found', url })
  })

const broken: readonly (readonly [string, object, string, string])[] = [
  ['only a require condition', { exports: { require: './require.js' } }, 'p', 'does not export `.`'],
  ['a hidden subpath', { exports: { '.': './index.js' } }, 'p/sub.js', 'does not export `./sub.js`'],
  [
    'a subpath hidden by null',
    { exports: { './*': './*', './sub.js': null } },
    'p/sub.js',
    'does not export `./sub.js`',
  ],
  [
    'an entry that is not built',
    { exports: './dist/none.js' },
    'p',
    'exports `./dist/none.js`, which does not exist; is it built?',
  ],
]

for (const [what, manifest, specifier, problem] of broken)
  test(`a package with ${what} is there but cannot be used`, async () => {
    await using project = await createProject(packageFiles(manifest))
    expect(resolvePackage(specifier, project.path)).toEqual({ type: 'broken', problem })
  })

for (const name of ['none', '@scope/none', '.', '', 'fs', 'node:fs', '@scope'])
  test(`\`${name}\` is no installed package`, async () => {
    await using project = await createProject(packageFiles({}))
    expect(resolvePackage(name, project.path)).toEqual({ type: 'missing' })
  })

test('a package in the node_modules of a parent folder is found, the nearest one first', async () => {
  await using project = await createProject({
    ...packageFiles({}),
    'apps/one/package.json': '{}',
    'apps/two/node_modules/p/package.json': '{ "main": "own.js" }',
    'apps/two/node_modules/p/own.js': '',
  })
  const hoisted = pathToFileURL(join(project.path, 'node_modules/p/index.js')).href
  const own = pathToFileURL(join(project.path, 'apps/two/node_modules/p/own.js')).href
  expect(resolvePackage('p', join(project.path, 'apps/one'))).toEqual({ type: 'found', url: hoisted })
  expect(resolvePackage('p', join(project.path, 'apps/two'))).toEqual({ type: 'found', url: own })
})

test('a linked package resolves to its real path, as an import does', async () => {
  await using project = await createProject({ 'packages/p/package.json': '{}', 'packages/p/index.js': '' })
  await mkdir(join(project.path, 'node_modules'))
  await symlink(join(project.path, 'packages/p'), join(project.path, 'node_modules/p'))
  const url = pathToFileURL(join(project.path, 'packages/p/index.js')).href
  expect(resolvePackage('p', project.path)).toEqual({ type: 'found', url })
})
