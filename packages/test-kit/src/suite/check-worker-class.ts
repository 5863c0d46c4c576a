/** The suite without a test runner. */
import type { AnyWorkerClass } from '@tunicorn/arbiter/worker'
import { titleOf } from '../scene/clause.js'
import { type ConformanceOptions, createSubject } from '../scene/subject.js'
import { clauses } from './clauses.js'
import { requireKnown } from './expected-failure.js'
import { type ClauseResult, type ConformanceReport, resultOf } from './report.js'
import { runClause } from './run-clause.js'

/**
 * Runs every clause that applies to the class. Several run at a time, because they mostly wait.
 *
 * @throws TypeError when there is no fixture app for a kind that the class promises, or `only` names something that is not a clause for it
 */
export async function checkWorkerClass(
  workerClass: AnyWorkerClass,
  options: Omit<ConformanceOptions, 'expectedFailures'> & {
    /** Clauses that run at the same time. @default 4 */
    readonly concurrency?: number
    /** Numbers of the clauses to run, such as `WC-304`. @default all that apply */
    readonly only?: readonly string[]
    /** Called with each result as soon as it is available. */
    readonly onResult?: (result: ClauseResult) => void
  },
): Promise<ConformanceReport> {
  const subject = createSubject(workerClass, options)
  const applicable = clauses.filter(clause => clause.appliesTo(subject))
  const { only = applicable.map(({ id }) => id) } = options
  requireKnown('only', only, applicable)
  const results: ClauseResult[] = []
  const queue = applicable.filter(({ id }) => only.includes(id)).entries()
  const work = async (): Promise<void> => {
    for (const [index, clause] of queue) {
      const startedAt = performance.now()
      const result = await runClause(clause, subject).then(
        () => resultOf(clause, performance.now() - startedAt),
        (error: unknown) => resultOf(clause, performance.now() - startedAt, { error }),
      )
      results[index] = result
      options.onResult?.(result)
    }
  }
  await Promise.all(Array.from({ length: options.concurrency ?? 4 }, work))
  return {
    name: workerClass.name,
    results,
    notApplicable: clauses.filter(clause => !applicable.includes(clause)).map(titleOf),
  }
}
