/** The suite without a test runner. */
import type { AnyWorkerClass } from '@tunicorn/arbiter/worker'
import { titleOf } from '../scene/clause.js'
import { type ConformanceOptions, createSubject } from '../scene/subject.js'
import { clauses } from './clauses.js'
import { type ClauseResult, type ConformanceReport, resultOf } from './report.js'
import { runClause } from './run-clause.js'

/**
 * Runs every clause that applies to the class. Several run at a time: they mostly wait.
 *
 * @throws TypeError when there is no fixture app for a kind that the class promises
 */
export async function checkWorkerClass(
  workerClass: AnyWorkerClass,
  options: Omit<ConformanceOptions, 'expectedFailures'> & {
    /** Clauses that run at the same time. @default 4 */
    readonly concurrency?: number
  },
): Promise<ConformanceReport> {
  const subject = createSubject(workerClass, options)
  const applicable = clauses.filter(clause => clause.appliesTo(subject))
  const results: ClauseResult[] = []
  const queue = applicable.entries()
  const work = async (): Promise<void> => {
    for (const [index, clause] of queue)
      results[index] = await runClause(clause, subject).then(
        () => resultOf(clause),
        (error: unknown) => resultOf(clause, { error }),
      )
  }
  await Promise.all(Array.from({ length: options.concurrency ?? 4 }, work))
  return {
    name: workerClass.name,
    results,
    notApplicable: clauses.filter(clause => !applicable.includes(clause)).map(titleOf),
  }
}
