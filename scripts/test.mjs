/**
 * `npm test`: builds, checks and runs every test of every package but the long ones, which `npm run test:soak` runs: those of
 * the folders `long` and `soak`. `npm run test:all` runs both. The last line of each is `N passed, N failed`,
 * and above it stands what failed.
 * A build or a check that fails, and a package whose run crashed, count as a failure each.
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
 * The commands by what they run of each package: tasks of `turbo.json`. `lanes`: how many of those run at the same time.
 * Most tests wait for processes more than they compute.
 */
const commands = {
  test: { tasks: ['test'], lanes: 3 },
  'test:soak': { tasks: ['test:soak', 'test:long'], lanes: 3 },
}

/** They take longest, and begin first: one that begins last leaves the processors idle at the end. */
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

/** Beside the tests, which leave processors idle when they wait. */
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
