/** Runs one clause in a scene of its own. */
import type { Clause } from './clause.js'
import { Scene } from './scene.js'
import type { Subject } from './subject.js'

/** Rejects when the class does not keep the clause. */
export async function runClause(clause: Clause, subject: Subject): Promise<void> {
  const scene = await Scene.create(subject)
  try {
    await clause.run(scene)
  } finally {
    await scene[Symbol.asyncDispose]()
  }
}
