/** Runs one clause in a scene of its own. */

import { within } from '../rig/within.js'
import type { Clause } from '../scene/clause.js'
import { Scene } from '../scene/scene.js'
import type { Subject } from '../scene/subject.js'
import { clauseFailure } from './clause-failure.js'

/** A clause has several waits, each of which may be as long as the patience. */
const waitsPerClause = 6

/** How long a clause may take in all. */
export function clauseBoundMs({ patienceMs }: Subject): number {
  return patienceMs * waitsPerClause
}

/** Rejects when the class does not keep the clause, or the clause has not ended within its bound. */
export async function runClause(clause: Clause, subject: Subject): Promise<void> {
  const scene = await Scene.create(subject)
  try {
    await within(clause.run(scene), 'the clause to end', clauseBoundMs(subject))
  } catch (error) {
    throw clauseFailure(clause, { error, facts: scene.facts() })
  } finally {
    await scene[Symbol.asyncDispose]()
  }
}
