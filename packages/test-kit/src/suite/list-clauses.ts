/** The clauses as data, for documents. */
import { type Clause, titleOf } from '../scene/clause.js'
import { clauses } from './clauses.js'

export interface ClauseSummary extends Readonly<Pick<Clause, 'id' | 'about' | 'sentence' | 'isRefusal'>> {
  /** The title of its test. */
  readonly title: string
}

export function listClauses(): readonly ClauseSummary[] {
  return clauses.map(clause => {
    const { id, about, sentence, isRefusal } = clause
    return { id, about, sentence, isRefusal, title: titleOf(clause) }
  })
}
