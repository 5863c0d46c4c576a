/** Runs one clause in a scene of its own. */
import type { Clause } from '../scene/clause.js'
import { Scene } from '../scene/scene.js'
import type { Subject } from '../scene/subject.js'

/** Rejects when the class does not keep the clause. */
export async function runClause(clause: Clause, subject: Subject): Promise<void> {
  const scene = await Scene.create(subject)
  try {
    await clause.run(scene)
  } finally {
    await scene[Symbol.asyncDispose]()
  }
}
