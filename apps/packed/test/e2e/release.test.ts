import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'
import { RepositoryCopy } from '../support/repository-copy.js'
import { runToEnd } from '../support/run.js'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

test('the next release has versions that fit each other, and a change log for every package', async () => {
  await using copy = await RepositoryCopy.create()
  const before = await copy.published()
  const planned = await copy.plannedMajors()
  await copy.version()
  const after = await copy.published()
  const majors = [...after.values()].filter(
    ({ name, version }) => majorOf(version) !== majorOf(before.get(name)?.version),
  )
  // A worker class that got one only because the arbiter, its peer, has a new minor would cut its users off.
  expect(majors.map(({ name }) => name).filter(name => !planned.includes(name))).toEqual([])
  const arbiter = after.get('@tunicorn/arbiter')?.version
  expect(after.get('@tunicorn/test-kit')?.version).toBe(arbiter)
  expect(after.get('tunicorn')).toMatchObject({ dependencies: { '@tunicorn/arbiter': arbiter } })
  if (arbiter !== before.get('@tunicorn/arbiter')?.version)
    expect(await copy.read('packages/arbiter/CHANGELOG.md')).toContain(`## ${arbiter}`)
})

test('a minor of the arbiter takes the suite with it, and no worker class', async () => {
  await using copy = await RepositoryCopy.create()
  await copy.version()
  const before = await copy.published()
  await writeFile(join(copy.path, '.changeset/next.md'), "---\n'@tunicorn/arbiter': minor\n---\n\nMore.\n")
  await copy.commit()
  await copy.version()
  const changed = [...(await copy.published())].filter(
    ([name, { version }]) => version !== before.get(name)?.version,
  )
  expect(changed.map(([name]) => name).sort()).toEqual([
    '@tunicorn/arbiter',
    '@tunicorn/test-kit',
    'tunicorn',
  ])
})

test('every package is packed with its licence, its README and its built files, and without tests or sources', async () => {
  for (const [name, tarball] of Object.entries(inject('tarballs'))) {
    const list = await runToEnd('tar', ['-tzf', tarball])
    const files = list
      .trim()
      .split('\n')
      .map(file => file.replace('package/', ''))
    expect([name, files]).toEqual([name, expect.arrayContaining(['package.json', 'LICENSE', 'README.md'])])
    expect(
      files.some(file => file.startsWith('dist/') && file.endsWith('.d.ts')),
      name,
    ).toBe(true)
    const stray = files.filter(file => /^(?:src|test|\.turbo|\.vitest)\/|^tsconfig|\.tgz$/.test(file))
    expect([name, stray]).toEqual([name, []])
  }
})

test('every package whose code is in the built files is named in the notices, with its licence', async () => {
  const bundled = await Promise.all(
    Object.entries(inject('tarballs')).map(async ([name, tarball]) => {
      // The bundler leaves the path of a file above what it took from it.
      const built = await runToEnd('tar', ['-xzOf', tarball, 'package/dist'])
      const paths = built.matchAll(/^\s*\/\/ \S*node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm)
      return { name, tarball, packages: new Set([...paths].map(([, bundledName]) => bundledName)) }
    }),
  )
  expect(bundled.flatMap(({ packages }) => [...packages])).toEqual(
    expect.arrayContaining(['commander', 'pino', 'prom-client', 'semver', 'valibot']),
  )
  for (const { name, tarball, packages } of bundled.filter(({ packages }) => packages.size > 0)) {
    const notices = await runToEnd('tar', ['-xzOf', tarball, 'package/THIRD-PARTY-NOTICES.md'])
    const missing = [...packages].filter(bundledName => !notices.includes(`[${bundledName}](`))
    expect([name, missing]).toEqual([name, []])
  }
})

test('the release workflow publishes with provenance and without a token, after the tests', async () => {
  const workflow = await readFile(join(root, '.github/workflows/release.yml'), 'utf8')
  expect(workflow).toMatch(/id-token: write/)
  expect(workflow).toMatch(/NPM_CONFIG_PROVENANCE: "true"/)
  expect(workflow).not.toMatch(/secrets\.NPM_TOKEN/)
  expect(workflow.indexOf('.ci/run')).toBeLessThan(workflow.indexOf('npm run release'))
})

function majorOf(version: string | undefined): string | undefined {
  return version?.split('.')[0]
}
