/**
 * `npm test`: builds, checks and runs every test of every package, except those in the folders `long` and `soak`.
 * `npm run test:soak` runs these, and `npm run test:all` runs both. The last line of each is `N passed, N failed`, and
 * what failed stands above it.
 * A build or a check that fails counts as one failure, and so does a package whose run crashed.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
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

/**
 * The commands, with the tasks of `turbo.json` that they run in each package. `lanes` is how many tasks run at the same
 * time: most tests wait for processes more than they compute.
 */
const commands = {
  test: { tasks: ['test'], lanes: 3 },
  'test:soak': { tasks: ['test:soak', 'test:long'], lanes: 3 },
}

/** These take longest, so they begin first: one that begins last would leave processors idle at the end. */
const longest = [
  'tunicorn test',
  '@tunicorn/arbiter test',
  'tunicorn test:soak',
  'tunicorn test:long',
  '@tunicorn/packed test:soak',
  '@tunicorn/arbiter test:long',
  '@tunicorn/test-kit test:soak',
  '@tunicorn/http-policy test:soak',
  '@tunicorn/worker-sync test:soak',
]

async function main(names) {
  const build = await turbo('build', ['--output-logs=errors-only'], { show: true })
  if (build.code !== 0) return failed('The build')
  let total = none
  for (const name of names) {
    const results = await runCommand(name)
    if (names.length > 1) console.log(`npm run ${name}: ${summaryLine(results)}`)
    total = add(total, results)
  }
  return total
}

async function runCommand(name) {
  if (name !== 'test') return testPackages(commands[name])
  const [check, results] = await Promise.all([checked(), testPackages(commands[name])])
  process.stdout.write(check.output)
  return check.code === 0
    ? results
    : add(results, failed('npm run check', check.output.replace(/^ok .*\n/gm, '')))
}

/** Runs at the same time as the tests, which leave processors idle while they wait. */
function checked() {
  return run(process.execPath, [join(root, 'scripts/check.mjs'), '--no-build'])
}

async function testPackages({ tasks, lanes }) {
  const runs = tasks.flatMap(task =>
    workspaces()
      .map(workspace => ({ task, workspace, files: filesOf(task, workspace) }))
      .filter(({ files }) => files.length > 0),
  )
  for (const { task, workspace } of runs) rmSync(join(workspace.path, resultsFile(task)), { force: true })
  runs.sort((a, b) => rank(a) - rank(b) || b.files.length - a.files.length)
  const code = await inLanes(lanes, runs, ({ task, workspace }) =>
    turbo(task, ['--only', `--filter=${workspace.manifest.name}`], { show: true }),
  )
  const sum = runs.map(({ task, workspace, files }) => readResults(task, workspace, files)).reduce(add, none)
  return code !== 0 && sum.failed === 0
    ? add(sum, failed('A test run ended with an error outside of any test'))
    : sum
}

function rank({ task, workspace }) {
  const at = longest.indexOf(`${workspace.manifest.name} ${task}`)
  return at === -1 ? longest.length : at
}

/** Resolves with the highest exit code. */
async function inLanes(lanes, runs, runOne) {
  const waiting = [...runs]
  const codes = []
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      codes.push((await runOne(next)).code)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return Math.max(...codes)
}

const total = await main(process.argv.slice(2))
for (const line of failureReport(total.failures)) console.log(line)
console.log(summaryLine(total))
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
