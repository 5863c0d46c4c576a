/**
 * `npm run test:matrix`: runs the tests of the built packages on other versions of Node.js. It installs these from the npm
 * package `node` into a cache folder. The whole run, vitest included, happens on that version. It leaves out unit tests,
 * and tests that repeat or last.
 *
 * Major versions given as arguments replace the default ones: `npm run test:matrix -- 22`.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import {
  add,
  failed,
  failureReport,
  filesOf,
  none,
  readResults,
  resultsFile,
  summaryLine,
} from './lib/results.mjs'
import { run, turbo } from './lib/run.mjs'
import { root, workspaces } from './lib/workspaces.mjs'

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

async function testOn({ binary, version }, { workspace, task, files }) {
  const { folder, path } = workspace
  rmSync(join(path, resultsFile(task)), { force: true })
  const config = task === 'test' ? [] : ['--config', join(root, 'vitest.long.ts')]
  const { code, output } = await run(binary, [vitest, 'run', ...config, ...foldersOf(files)], {
    cwd: path,
    env: { PATH: [dirname(binary), process.env.PATH].join(delimiter), TUNICORN_TEST_NODE: binary },
  })
  const results = readResults(task, workspace, files)
  const ended = code !== 0 && results.failed === 0
  const all = ended ? add(results, failed(`${folder}, ${task}: ended with ${code}`, output)) : results
  for (const line of failureReport(all.failures)) console.log(`${version} ${line}`)
  return all
}

/** The tests of built packages, by task: those that `npm test` runs, and the long ones. */
function builtTests(workspace) {
  return ['test', 'test:long']
    .map(task => ({
      workspace,
      task,
      files: filesOf(task, workspace).filter(file => !file.startsWith('test/unit/')),
    }))
    .filter(({ files }) => files.length > 0)
}

function foldersOf(files) {
  return [...new Set(files.map(file => file.split('/').slice(0, 2).join('/')))]
}

const build = await turbo('build', ['--output-logs=errors-only'], { show: true })
if (build.code !== 0) process.exit(1)

const rows = []
for (const major of majors) {
  try {
    const node = await installNode(major)
    for (const workspace of workspaces()) {
      const built = builtTests(workspace)
      let results = none
      for (const tests of built) results = add(results, await testOn(node, tests))
      if (built.length > 0) rows.push({ node: node.version, package: workspace.folder, ...results })
    }
  } catch (error) {
    console.log(error.message)
    rows.push({ node: major, package: '(not installed)', ...failed(error.message) })
  }
}
console.log(`${'Node'.padEnd(12)}${'package'.padEnd(32)}result`)
for (const row of rows) console.log(`${row.node.padEnd(12)}${row.package.padEnd(32)}${summaryLine(row)}`)
process.exitCode = rows.some(row => row.failed > 0) || rows.length === 0 ? 1 : 0
