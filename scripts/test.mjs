/**
 * `npm test`: builds, checks and runs every test of every package, then prints as its last line `N passed, N failed`.
 * A build or a check that fails, and a package whose run crashed, count as a failure each.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { add, readResults, resultsFile, summaryLine } from './lib/results.mjs'
import { run, turbo } from './lib/run.mjs'
import { filesIn, workspaces } from './lib/workspaces.mjs'

/** How many packages are tested at the same time: most tests wait for processes more than they compute. */
const lanes = 3

const failure = { passed: 0, failed: 1, skipped: 0 }

async function test() {
  const tested = workspaces().filter(workspace => testFiles(workspace) > 0)
  for (const { path } of tested) rmSync(join(path, resultsFile), { force: true })

  const build = await turbo('build', ['--output-logs=errors-only'], { show: true })
  if (build.code !== 0) return say(failure, 'The build failed')

  let total = { passed: 0, failed: 0, skipped: 0 }
  const check = await run(process.execPath, ['scripts/check.mjs', '--no-build'], { show: true })
  if (check.code !== 0) total = say(add(total, failure), '`npm run check` failed')

  const code = await testInLanes(tested)
  let sum = { passed: 0, failed: 0, skipped: 0 }
  for (const { folder, path } of tested) {
    const results = readResults(join(path, resultsFile))
    if (results.problem !== undefined) console.error(`${folder} ${results.problem}`)
    sum = add(sum, results)
  }
  // For example an error outside of any test.
  if (code !== 0 && sum.failed === 0) sum = say(add(sum, failure), 'A test run crashed')
  return add(total, sum)
}

/** The packages with most test files first: one that begins last and takes long leaves the cores idle at the end. */
async function testInLanes(tested) {
  const waiting = [...tested].sort((a, b) => testFiles(b) - testFiles(a))
  const codes = []
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { code } = await turbo('test', ['--only', `--filter=${next.manifest.name}`], { show: true })
      codes.push(code)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return Math.max(...codes)
}

function testFiles({ path }) {
  return filesIn(path, 'test', '.test.ts').length
}

function say(total, problem) {
  console.error(problem)
  return total
}

const total = await test()
console.log(summaryLine(total))
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
