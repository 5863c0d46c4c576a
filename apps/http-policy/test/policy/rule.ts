/** A line of the policy in words, which speaks for some rows. */
import type { Row } from './row.js'

export interface Rule {
  /** What is sent, or what the app says. */
  readonly given: string
  /** Of `given` of the rows. */
  readonly rows: RegExp
  /** As `outcomeOf` says it. */
  readonly answer: string
  /** Who decides. `both`: Node refuses some of it, and Tunicorn the rest. */
  readonly by: 'Node' | 'Tunicorn' | 'both'
  /** What asks for it. Empty: nothing does. */
  readonly rfc: string
}

export interface Chapter {
  readonly title: string
  readonly rules: readonly Rule[]
}

/** The answers of a row and what becomes of the connection, in words. */
function outcomeOf({ answers, connection }: Row): string {
  const statuses = answers.map(answer => (typeof answer === 'number' ? answer : answer[0]))
  const words = statuses.map(status => (status < 200 || status >= 400 ? String(status) : 'served'))
  const end = connection === 'kept' ? [] : [connection]
  return [...words, ...end].join(', ')
}

/** Rules of a row. Exactly one, if all is well. */
export function rulesOf(row: Row, rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(rule => rule.rows.test(row.given) && rule.answer === outcomeOf(row))
}

type RuleParts = readonly [given: string, rows: RegExp, answer: string, by: Rule['by'], rfc: string]

export function chapter(title: string, rules: readonly RuleParts[]): Chapter {
  return { title, rules: rules.map(([given, rows, answer, by, rfc]) => ({ given, rows, answer, by, rfc })) }
}
