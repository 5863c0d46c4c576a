/** The results that were kept: the last of each row, and the run it comes from. The page about performance is made from them. */
import { readFile, writeFile } from 'node:fs/promises'
import type { RowResult } from './table.js'

/** `npm run bench` with the same options, on one machine. */
export interface Run {
  /** For example `2026-11-27`. */
  readonly date: string
  readonly machine: string
  /** Rounds, starts and seconds, in words. */
  readonly plan: string
}

export interface RecordedRow {
  readonly name: string
  readonly title: string
  readonly order: number
  readonly baseline: string
  readonly tunicorn: string
  readonly result: string
  readonly target: string
  readonly reached: 'yes' | 'no' | 'undecided' | 'failed'
  readonly notes: readonly string[]
  readonly steps?: readonly (readonly string[])[]
  readonly run: Run
}

const file = new URL('../results.json', import.meta.url)

/** The rows of earlier runs, in the order of the page. */
export async function recordedRows(): Promise<readonly RecordedRow[]> {
  // Only `writeResults` writes it.
  return JSON.parse(await readFile(file, 'utf8')) as readonly RecordedRow[]
}

/** Replaces earlier results of the same rows with those of a run. */
export async function writeResults(results: readonly RowResult[], run: Run): Promise<readonly RecordedRow[]> {
  const rows = merge(await recordedRows(), results, run)
  await writeFile(file, `${JSON.stringify(rows, null, 2)}\n`)
  return rows
}

export function merge(
  earlier: readonly RecordedRow[],
  results: readonly RowResult[],
  run: Run,
): readonly RecordedRow[] {
  const measured = results.map(result => recorded(result, run))
  const names = new Set(measured.map(({ name }) => name))
  return [...earlier.filter(({ name }) => !names.has(name)), ...measured].sort((a, b) => a.order - b.order)
}

function recorded(result: RowResult, run: Run): RecordedRow {
  const { name, title, order } = result.row
  const none = { baseline: '', tunicorn: '', result: '', target: '' }
  if ('error' in result)
    return { name, title, order, ...none, reached: 'failed', notes: [String(result.error)], run }
  const { isReached, notes = [], ...figures } = result.measurement
  const reached = isReached === undefined ? 'undecided' : isReached ? 'yes' : 'no'
  return { name, title, order, ...figures, reached, notes, run }
}
