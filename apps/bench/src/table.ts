import { markdownTable } from './markdown-table.js'
import type { Measurement, Row } from './row.js'

/** The result of one row: what it measured, or why it could not. */
export type RowResult = { readonly row: Row } & (
  | { readonly measurement: Measurement }
  | { readonly error: unknown }
)

/** The results as a Markdown table, followed by the notes of the rows. */
export function resultsTable(results: readonly RowResult[]): string {
  const head = '| measured | baseline | Tunicorn | result | target | reached |\n|---|---|---|---|---|---|'
  const notes = results.flatMap(notesOf)
  const more = [...results.flatMap(stepsOf), ...(notes.length > 0 ? ['', ...notes] : [])]
  return [head, ...results.map(line), ...more].join('\n')
}

function line(result: RowResult): string {
  const { title } = result.row
  if ('error' in result) return `| ${title} | | | failed | | no |`
  const { baseline, tunicorn, result: outcome, target, isReached } = result.measurement
  return `| ${title} | ${baseline} | ${tunicorn} | ${outcome} | ${target} | ${answers.get(isReached)} |`
}

const answers: ReadonlyMap<boolean | undefined, string> = new Map([
  [true, 'yes'],
  [false, '**no**'],
  [undefined, 'undecided'],
])

function stepsOf(result: RowResult): readonly string[] {
  const steps = 'error' in result ? undefined : result.measurement.steps
  return steps ? ['', `${result.row.title}:`, '', markdownTable(steps)] : []
}

function notesOf(result: RowResult): readonly string[] {
  if ('error' in result) return [`- ${result.row.name} failed: ${String(result.error)}`]
  return (result.measurement.notes ?? []).map(note => `- ${result.row.name}, same run: ${note}`)
}
