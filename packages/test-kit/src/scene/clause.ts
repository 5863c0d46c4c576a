/** One numbered sentence of the contract, and how it is tested. */
import type { Scene } from './scene.js'
import type { Subject } from './subject.js'

export interface Clause {
  /** For example `WC-306`. Never reused. Clauses of the same number exclude one another. */
  readonly id: `WC-${number}`
  readonly sentence: string
  /** Which worker classes it is about, for people; empty: all. */
  readonly about: string
  /** It is about what a class answers that does not have a capability. */
  readonly isRefusal: boolean
  /** The members of the contract, and the parts of a class, that a failure leads to. */
  readonly look: string
  appliesTo(subject: Subject): boolean
  /** Rejects when the class does not keep it. Workers of the scene end with the scene. */
  run(scene: Scene): Promise<void>
}

/** Fills in what most clauses leave out. */
export function clause(
  parts: Pick<Clause, 'id' | 'sentence' | 'look' | 'run'> &
    Partial<Omit<Clause, 'id' | 'sentence' | 'look' | 'run'>>,
): Clause {
  return { about: '', isRefusal: false, appliesTo: () => true, ...parts }
}

/** The number, the condition and the sentence, as tests are named. */
export function titleOf({ id, about, sentence }: Clause): string {
  return about === '' ? `${id}: ${sentence}` : `${id} (${about}): ${sentence}`
}
