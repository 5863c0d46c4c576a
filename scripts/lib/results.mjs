/** Adds up the results that vitest writes for each package. */
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { taskOf, testFiles } from './workspaces.mjs'

/** `failures` has a `{ name, message }` for everything that counts as failed. */
export const none = { passed: 0, failed: 0, skipped: 0, failures: [] }

/** One failure that does not belong to a test. */
export function failed(name, message = '') {
  return { ...none, failed: 1, failures: [{ name, message }] }
}

/** The file to which a task writes its results, relative to the package. `vitest.*.ts` name it, too. */
export function resultsFile(task) {
  return `.vitest/${task.replace(':', '-')}.json`
}

/** The test files that a task runs in a package, relative to it. */
export function filesOf(task, workspace) {
  return testFiles(workspace).filter(file => taskOf(file) === task)
}

/**
 * What the results of a package say. A test file that could not even be loaded counts as one failure. So do results that
 * are missing, unreadable, or of files other than `expected`: no file may run twice, or never.
 */
export function readResults(task, { folder, path }, expected) {
  const file = join(path, resultsFile(task))
  if (!existsSync(file)) return failed(`${folder}, ${task}: wrote no results`)
  try {
    const results = JSON.parse(readFileSync(file, 'utf8'))
    const failures = results.testResults.flatMap(suite =>
      failuresOf(suite, join(folder, relative(path, suite.name))),
    )
    const ran = results.testResults.map(({ name }) => relative(path, name))
    const wrong = [...new Set([...ran, ...expected])].filter(
      name => ran.includes(name) !== expected.includes(name),
    )
    if (wrong.length > 0)
      failures.push({ name: `${folder}, ${task}: ran other files than its own`, message: wrong.join('\n') })
    return {
      passed: results.numPassedTests,
      failed: failures.length,
      skipped: results.numPendingTests + results.numTodoTests,
      failures,
    }
  } catch (error) {
    return failed(`${folder}, ${task}: wrote unreadable results`, error.message)
  }
}

/** The failures of one test file. */
function failuresOf({ status, message, assertionResults }, file) {
  const failures = assertionResults
    .filter(assertion => assertion.status === 'failed')
    .map(({ fullName, failureMessages }) => ({
      name: `${file}: ${fullName}`,
      message: failureMessages.join('\n'),
    }))
  const broken = status === 'failed' && failures.length === 0
  return broken ? [{ name: `${file}: did not run`, message }] : failures
}

export function add(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    failures: [...one.failures, ...other.failures],
  }
}

/** The last line of every test command. */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** What failed and why, for the end of a long output, because most readers see only the end. */
export function failureReport(failures, { shown = 20, lines = 15, width = 240 } = {}) {
  const more = failures.length - shown
  return [
    ...failures.slice(0, shown).flatMap(({ name, message }) => [
      `FAILED ${name}`,
      ...stripVTControlCharacters(message)
        .split('\n')
        .slice(0, lines)
        .map(line => `    ${line.slice(0, width)}`),
    ]),
    ...(more > 0 ? [`and ${more} more`] : []),
  ]
}
