/**
 * `npm run test:matrix`: runs the tests of the built packages on other versions of Node.js, which come from the npm
 * package `node` into a cache folder. The whole run, vitest included, happens on that version. Unit tests and
 * `test/soak` stay out.
 *
 * Majors as arguments replace the default ones: `npm run test:matrix -- 22`.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { readResults, resultsFile, summaryLine } from './lib/results.mjs'
import { run, turbo } from './lib/run.mjs'
import { isSoak, root, testFiles, workspaces } from './lib/workspaces.mjs'

const given = process.argv.slice(2)
const majors = given.length > 0 ? given : ['22', '24', '26']
const vitest = join(root, 'node_modules/vitest/vitest.mjs')

/** Installs the newest release of a major version. Resolves with its binary and full version. */
async function installNode(major) {
  const folder = join(root, '.cache', `node-${major}`)
  mkdirSync(folder, { recursive: true })
  // Its install script puts the binary in place.
  const args = ['install', '--prefix', folder, '--no-save', '--ignore-scripts=false', `node@${major}`]
  const install = await run('npm', args, { cwd: folder })
  const binary = join(folder, 'node_modules/node/bin/node')
  const version = await run(binary, ['--version'])
  if (version.code !== 0) throw new Error(`node@${major} could not be installed:\n${install.output}`)
  return { binary, version: version.output.trim() }
}

async function testOn({ binary, version }, { folder, path }, folders) {
  const file = join(path, resultsFile)
  rmSync(file, { force: true })
  const { code, output } = await run(binary, [vitest, 'run', ...folders], {
    cwd: path,
    env: { PATH: [dirname(binary), process.env.PATH].join(delimiter), TUNICORN_TEST_NODE: binary },
  })
  const results = readResults(file)
  if (code !== 0 && results.failed === 0) results.failed = 1
  if (results.failed > 0) console.log(`--- ${folder} on Node ${version}\n${output}`)
  return results
}

/** The folders of `test/` with tests of built packages, without the long ones. */
function builtTests(workspace) {
  const files = testFiles(workspace).filter(file => !isSoak(file) && !file.startsWith('test/unit/'))
  return [...new Set(files.map(file => file.split('/').slice(0, 2).join('/')))]
}

const build = await turbo('build', ['--output-logs=errors-only'], { show: true })
if (build.code !== 0) process.exit(1)

const rows = []
for (const major of majors) {
  try {
    const node = await installNode(major)
    for (const workspace of workspaces().filter(candidate => builtTests(candidate).length > 0)) {
      const results = await testOn(node, workspace, builtTests(workspace))
      rows.push({ node: node.version, package: workspace.folder, ...results })
    }
  } catch (error) {
    console.log(error.message)
    rows.push({ node: major, package: '(not installed)', passed: 0, failed: 1, skipped: 0 })
  }
}
console.log(`${'Node'.padEnd(12)}${'package'.padEnd(32)}result`)
for (const row of rows) console.log(`${row.node.padEnd(12)}${row.package.padEnd(32)}${summaryLine(row)}`)
process.exitCode = rows.some(row => row.failed > 0) || rows.length === 0 ? 1 : 0
