/** `npm run check`: checks everything about the repository that needs no test run. Prints one line per part. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryProblems } from './lib/rules.mjs'
import { run, turbo } from './lib/run.mjs'
import { root, workspaces } from './lib/workspaces.mjs'

const isBuilt = process.argv.includes('--no-build')
const packages = mkdtempSync(join(tmpdir(), 'tunicorn-check-'))

const parts = [
  ...(isBuilt ? [] : [['build', () => turbo('build', ['--output-logs=errors-only'])]]),
  ['repository rules', checkRules],
  ['format and lint', () => run('biome', ['check', '--error-on-warnings', '.'])],
  ['types', () => turbo('typecheck', ['--output-logs=errors-only', '--continue'])],
  ['unused code and dependencies', () => run('knip', ['--no-progress'])],
  ['public API', () => run(process.execPath, [join(root, 'scripts/api.mjs'), '--check'])],
  ['documentation site', () => turbo('site', ['--output-logs=errors-only'])],
  ...workspaces()
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ manifest, path }) => [`packed ${manifest.name}`, () => checkPacked(manifest, path)]),
]

function checkRules() {
  const problems = repositoryProblems(root, workspaces())
  return { code: problems.length === 0 ? 0 : 1, output: problems.join('\n') }
}

/** Checks what npm would publish: entry points, files and types as a user's tools see them. Downloads nothing. */
async function checkPacked({ name, version }, path) {
  const pack = await run('npm', ['pack', '--offline', '--silent', '--pack-destination', packages], {
    cwd: path,
  })
  if (pack.code !== 0) return pack
  const tarball = join(packages, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
  const results = await Promise.all([
    run('publint', ['run', tarball, '--strict']),
    run('attw', [tarball, '--profile', 'esm-only', '--no-definitely-typed', '--no-color']),
  ])
  return {
    code: Math.max(...results.map(({ code }) => code)),
    output: results.map(({ output }) => output).join('\n'),
  }
}

let failed = 0
try {
  for (const [name, check] of parts) {
    const start = performance.now()
    const { code, output } = await check()
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
    if (code === 0) continue
    failed += 1
    console.log(output.trimEnd())
  }
} finally {
  rmSync(packages, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1
