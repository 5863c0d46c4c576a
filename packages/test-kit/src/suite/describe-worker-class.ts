/** The suite as tests for any test runner. */
import type { AnyWorkerClass } from '@tunicorn/arbiter/worker'
import { titleOf } from '../scene/clause.js'
import { type ConformanceOptions, createSubject } from '../scene/subject.js'
import { clauses } from './clauses.js'
import { mustFail, requireKnown } from './expected-failure.js'
import { type ClauseResult, formatReport, resultOf } from './report.js'
import { clauseBoundMs, runClause } from './run-clause.js'

/** What the suite needs from a test runner. */
export interface TestRunner {
  /** Groups what `define` declares. Its tests may run at the same time. */
  describe(name: string, define: () => void): void
  /** Declares a test that may take this long. */
  test(name: string, timeoutMs: number, run: () => Promise<void>): void
  /** Declares what runs after the tests of the group. */
  after(run: () => void): void
}

/** The suite itself limits the time of each clause and its teardown. A runner with limits of its own should time out later. */
const runnersExtraMs = 30_000

/**
 * Declares a test for every clause that applies to the class. After the last of them it prints
 * `conforms to WorkerClass contract 1 (N clauses, M as refusals)` if all have passed.
 *
 * @throws TypeError when there is no fixture app for a kind that the class promises, or `expectedFailures` names something
 * that is not a clause for it
 */
export function describeWorkerClass(
  runner: TestRunner,
  workerClass: AnyWorkerClass,
  options: ConformanceOptions,
): void {
  const subject = createSubject(workerClass, options)
  const { expectedFailures = {} } = options
  const applicable = clauses.filter(clause => clause.appliesTo(subject))
  requireKnown('expectedFailures', Object.keys(expectedFailures), applicable)
  const results: ClauseResult[] = []
  let failuresLeft = 0
  const scope = `${applicable.length} of ${clauses.length} clauses apply`
  runner.describe(`worker class ${workerClass.name} (${scope})`, () => {
    for (const clause of applicable) {
      const reason = expectedFailures[clause.id]
      const title = titleOf(clause)
      const timeoutMs = clauseBoundMs(subject) + runnersExtraMs
      if (reason !== undefined)
        runner.test(`${title} (expected to fail: ${reason})`, timeoutMs, async () => {
          await mustFail(clause.id, reason, () => runClause(clause, subject))
          failuresLeft += 1
        })
      else
        runner.test(title, timeoutMs, async () => {
          const startedAt = performance.now()
          await runClause(clause, subject)
          results.push(resultOf(clause, performance.now() - startedAt))
        })
    }
    runner.after(() => {
      // Part of the suite, or a suite with other failures, proves nothing about the whole.
      if (results.length + failuresLeft < applicable.length) return
      process.stdout.write(`${formatReport({ name: workerClass.name, results, expectedFailures })}\n`)
    })
  })
}
