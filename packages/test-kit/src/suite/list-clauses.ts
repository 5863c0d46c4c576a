/** The clauses as data, for documents. */
import type { Clause } from './clause.js'
import { clauses } from './clauses.js'

export type ClauseSummary = Readonly<Pick<Clause, 'id' | 'about' | 'sentence' | 'isRefusal'>>

export function listClauses(): readonly ClauseSummary[] {
  return clauses.map(({ id, about, sentence, isRefusal }) => ({ id, about, sentence, isRefusal }))
}
