/**
 * `npm test`: builds, checks and runs every test of every package but the long ones, which are those of `test/soak` and
 * belong to `npm run test:soak`. `npm run test:all` runs both. The last line of each is `N passed, N failed`.
 * A build or a check that fails, and a package whose run crashed, count as a failure each.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { add, none, readResults, resultsFile, summaryLine } from './lib/results.mjs'
import { run, turbo } from './lib/run.mjs'
import { isSoak, root, testFiles, workspaces } from './lib/workspaces.mjs'

/**
 * The suites by the task of `turbo.json` that runs them in a package. `lanes`: how many packages are tested at the same
 * time. Most tests wait for processes more than they compute; the long ones are under load.
 */
const suites = {
  test: { lanes: 3, includes: file => !isSoak(file) },
  'test:soak': { lanes: 2, includes: isSoak },
}

const failure = { ...none, failed: 1 }

async function main(tasks) {
  const build = await turbo('build', ['--output-logs=errors-only'], { show: true })
  if (build.code !== 0) return say(failure, 'The build failed')
  let total = none
  for (const task of tasks) {
    const results = await runSuite(task)
    if (tasks.length > 1) console.log(`npm run ${task}: ${summaryLine(results)}`)
    total = add(total, results)
  }
  return total
}

/** What `npm test` does, and what `npm run test:soak` does. */
async function runSuite(task) {
  if (task !== 'test') return testPackages(task)
  const [check, results] = await Promise.all([checked(), testPackages(task)])
  process.stdout.write(check.output)
  return check.code === 0 ? results : say(add(results, failure), '`npm run check` failed')
}

/** Beside the tests, which leave processors idle when they wait. */
function checked() {
  return run(process.execPath, [join(root, 'scripts/check.mjs'), '--no-build'])
}

async function testPackages(task) {
  const { lanes, includes } = suites[task]
  const count = workspace => testFiles(workspace).filter(includes).length
  const tested = workspaces().filter(workspace => count(workspace) > 0)
  for (const { path } of tested) rmSync(join(path, resultsFile), { force: true })
  // Those with most test files first: one that begins last and takes long leaves the cores idle at the end.
  tested.sort((a, b) => count(b) - count(a))
  const code = await inLanes(lanes, tested, ({ manifest }) =>
    turbo(task, ['--only', `--filter=${manifest.name}`], { show: true }),
  )
  const sum = tested.map(resultsOf).reduce(add, none)
  // For example an error outside of any test.
  return code !== 0 && sum.failed === 0 ? say(add(sum, failure), 'A test run crashed') : sum
}

function resultsOf({ folder, path }) {
  const results = readResults(join(path, resultsFile))
  if (results.problem !== undefined) console.error(`${folder} ${results.problem}`)
  return results
}

/** Resolves with the highest exit code. */
async function inLanes(lanes, workspaces, runOne) {
  const waiting = [...workspaces]
  const codes = []
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      codes.push((await runOne(next)).code)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return Math.max(...codes)
}

function say(total, problem) {
  console.error(problem)
  return total
}

const total = await main(process.argv.slice(2))
console.log(summaryLine(total))
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
