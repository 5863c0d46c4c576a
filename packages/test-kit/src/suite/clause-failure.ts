/** Says why a class does not keep a clause, and where to fix it. Pure. */
import { AssertionError } from 'node:assert'
import type { Clause } from '../scene/clause.js'

/** What a failure is made of. */
export interface FailureParts {
  /** What the clause, or the class, threw. */
  readonly error: unknown
  /** What was seen of each worker of the clause, with counts. */
  readonly facts: readonly string[]
}

/** An error whose message says what went wrong, what was expected, what was seen and where to look. */
export function clauseFailure(
  { id, sentence, look }: Clause,
  { error, facts }: FailureParts,
): AssertionError {
  const message = [
    textOf(error),
    `${id} expects: ${sentence}`,
    ...facts.map(fact => `Seen: ${fact}`),
    `Look at: ${look}`,
  ].join('\n')
  return Object.assign(new AssertionError({ message }), { cause: error })
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return `Something was thrown that is no error: ${String(error)}`
  // The message of an assertion says everything. For any other error, the place matters too.
  const text = error instanceof AssertionError ? error.message : (error.stack ?? error.message)
  return text.trimEnd()
}
