/** Clauses that a class is known not to keep yet. */
import { AssertionError } from 'node:assert'
import type { Clause } from '../scene/clause.js'

/** @throws TypeError when a number is not that of a clause that applies */
export function requireKnown(
  option: 'expectedFailures' | 'only',
  ids: readonly string[],
  applicable: readonly Pick<Clause, 'id'>[],
): void {
  const known = applicable.map(({ id }): string => id)
  for (const id of ids)
    if (!known.includes(id))
      throw new TypeError(
        `\`${option}\` names ${id}, which is not a clause for this worker class: ${known.join(', ')}`,
      )
}

/** Resolves when the run rejects, and rejects when it resolves, because an outdated reason has to be removed. */
export async function mustFail(id: string, reason: string, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch {
    return
  }
  throw new AssertionError({
    message: `${id} passes, and \`expectedFailures\` says that it fails (${reason}). Remove it there`,
  })
}
