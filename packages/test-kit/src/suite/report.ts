/** The results of a run of the suite, and how they are reported. Pure. */
import { type Clause, titleOf } from '../scene/clause.js'
import { contractRevision } from './clauses.js'

export interface ClauseResult {
  /** For example `WC-306`. */
  readonly id: string
  /** The sentence of the clause, with its number and condition. */
  readonly title: string
  readonly isRefusal: boolean
  readonly status: 'passed' | 'failed'
  /** How long it took, including setup and teardown of its workers. */
  readonly ms: number
  /** Why it failed. */
  readonly error?: unknown
}

export interface ConformanceReport {
  /** Name of the worker class. */
  readonly name: string
  /** Results of the clauses that apply, in the order of their numbers. */
  readonly results: readonly ClauseResult[]
  /** Titles of the clauses that do not apply. */
  readonly notApplicable: readonly string[]
}

export function resultOf(clause: Clause, ms: number, failure?: { readonly error: unknown }): ClauseResult {
  const { id, isRefusal } = clause
  const common = { id, isRefusal, title: titleOf(clause), ms }
  return failure === undefined
    ? { ...common, status: 'passed' }
    : { ...common, status: 'failed', error: failure.error }
}

/** What {@link formatReport} needs to know. */
export interface ReportParts extends Pick<ConformanceReport, 'name' | 'results'> {
  /** Reasons by the number of the clause. These clauses are not among the results. */
  readonly expectedFailures?: Readonly<Record<string, string>>
}

/** One line when every clause that applies has passed, and the failures otherwise. */
export function formatReport({ name, results, expectedFailures = {} }: ReportParts): string {
  const failed = results.filter(({ status }) => status === 'failed')
  const expected = Object.entries(expectedFailures).map(([id, reason]) => `${id}: ${reason}`)
  if (failed.length === 0 && expected.length > 0)
    return `${name} does not conform to WorkerClass contract ${contractRevision} yet (${results.length} clauses hold; expected to fail: ${expected.join('; ')})`
  if (failed.length === 0)
    return `${name} conforms to WorkerClass contract ${contractRevision} (${countOf(results)})`
  const lines = failed.map(({ title, error }) => `  ${title}\n${indented(error)}`)
  return `${name} does not conform to WorkerClass contract ${contractRevision}: ${failed.length} of ${results.length} clauses failed\n${lines.join('\n')}`
}

function countOf(results: readonly ClauseResult[]): string {
  const refusals = results.filter(({ isRefusal }) => isRefusal).length
  return `${results.length} clauses, ${refusals} as refusals`
}

function indented(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/^(?=.)/gm, '    ')
}

/** One line about a clause that was run: its result, and how long it took. */
export function formatResult({ status, title, ms }: ClauseResult): string {
  return `${status === 'passed' ? 'ok' : 'FAILED'} ${title} (${(ms / 1_000).toFixed(2)} s)`
}
