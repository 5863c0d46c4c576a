/**
 * `npm test`: builds, checks and runs every test of every package, then prints as its last line `N passed, N failed`.
 * A build or a check that fails, and a package whose run crashed, count as a failure each.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { add, readResults, resultsFile, summaryLine } from './lib/results.mjs'
import { run, turbo } from './lib/run.mjs'
import { testFolders, workspaces } from './lib/workspaces.mjs'

const failure = { passed: 0, failed: 1, skipped: 0 }

async function test() {
  const tested = workspaces().filter(workspace => testFolders(workspace).length > 0)
  for (const { path } of tested) rmSync(join(path, resultsFile), { force: true })

  const build = await turbo('build', ['--output-logs=errors-only'], { show: true })
  if (build.code !== 0) return say(failure, 'The build failed')

  let total = { passed: 0, failed: 0, skipped: 0 }
  const check = await run(process.execPath, ['scripts/check.mjs', '--no-build'], { show: true })
  if (check.code !== 0) total = say(add(total, failure), '`npm run check` failed')

  const filters = tested.map(({ manifest }) => `--filter=${manifest.name}`)
  const tests = await turbo('test', ['--only', '--concurrency=3', '--continue', ...filters], { show: true })
  let sum = { passed: 0, failed: 0, skipped: 0 }
  for (const { folder, path } of tested) {
    const results = readResults(join(path, resultsFile))
    if (results.problem !== undefined) console.error(`${folder} ${results.problem}`)
    sum = add(sum, results)
  }
  // For example an error outside of any test.
  if (tests.code !== 0 && sum.failed === 0) sum = say(add(sum, failure), 'A test run crashed')
  return add(total, sum)
}

function say(total, problem) {
  console.error(problem)
  return total
}

const total = await test()
console.log(summaryLine(total))
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
