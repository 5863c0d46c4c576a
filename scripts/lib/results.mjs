/** Adds up the results that vitest writes for each package. */
import { existsSync, readFileSync } from 'node:fs'

export const resultsFile = '.vitest/results.json'

export const none = { passed: 0, failed: 0, skipped: 0 }

/**
 * What one results file says. A file of tests that could not even be loaded counts as one failure, and so do
 * results that are missing or unreadable.
 */
export function readResults(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, problem: 'wrote no results' }
  try {
    const results = JSON.parse(readFileSync(file, 'utf8'))
    const broken = results.testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some(assertion => assertion.status === 'failed'),
    ).length
    return {
      passed: results.numPassedTests,
      failed: results.numFailedTests + broken,
      skipped: results.numPendingTests + results.numTodoTests,
      ...(broken > 0 && { problem: `${broken} test files did not run` }),
    }
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, problem: `wrote unreadable results: ${error.message}` }
  }
}

export function add(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  }
}

/** The last line of every test command. */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
