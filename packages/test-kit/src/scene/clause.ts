/** One numbered sentence of the contract, and how it is tested. */
import type { Scene } from './scene.js'
import type { Subject } from './subject.js'

export interface Clause {
  /** For example `WC-306`. Never reused. Clauses of the same number exclude one another. */
  readonly id: `WC-${number}`
  readonly sentence: string
  /** Which worker classes it is about, in words. Empty for all. */
  readonly about: string
  /** It is about what a class answers when it lacks a capability. */
  readonly isRefusal: boolean
  /** Where to look after a failure: members of the contract, and parts of a class. */
  readonly look: string
  appliesTo(subject: Subject): boolean
  /** Rejects when the class does not keep the clause. Workers of the scene end with the scene. */
  run(scene: Scene): Promise<void>
}

/** Fills in what most clauses leave out. */
export function clause(
  parts: Pick<Clause, 'id' | 'sentence' | 'look' | 'run'> &
    Partial<Omit<Clause, 'id' | 'sentence' | 'look' | 'run'>>,
): Clause {
  return { about: '', isRefusal: false, appliesTo: () => true, ...parts }
}

/** The name of its test: the number, the condition and the sentence. */
export function titleOf({ id, about, sentence }: Clause): string {
  return about === '' ? `${id}: ${sentence}` : `${id} (${about}): ${sentence}`
}
