import type { LoadTool } from './load-tool.js'

/** One line of the table. A file in `rows/` exports it as `row`; nothing else is needed to add one. */
export interface Row {
  /** The name for `--only`. */
  readonly name: string
  /** What is measured, and against what. */
  readonly title: string
  /** Place in the table. */
  readonly order: number
  measure(bench: Bench): Promise<Measurement>
}

/** What a row gets from the command line and the machine. */
export interface Bench {
  readonly rounds: number
  /** How often a comparison of rates starts its servers. It runs all rounds each time. */
  readonly starts: number
  /** Length of one load run. */
  readonly seconds: number
  readonly loadTool: LoadTool
  /** Reports progress on standard error. */
  progress(text: string): void
}

/** What a row found, as text for the table. */
export interface Measurement {
  readonly baseline: string
  readonly tunicorn: string
  /** The ratio or the difference. */
  readonly result: string
  readonly target: string
  /** `undefined` if the rounds disagree. */
  readonly isReached: boolean | undefined
  /** Further figures from the same run, a line each. */
  readonly notes?: readonly string[]
  /** A table of its own: the column heads, then the lines. */
  readonly steps?: readonly (readonly string[])[]
}

/** Checks what a file in `rows/` exports. */
export function isRow(value: unknown): value is Row {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'title' in value &&
    typeof value.title === 'string' &&
    'order' in value &&
    typeof value.order === 'number' &&
    'measure' in value &&
    typeof value.measure === 'function'
  )
}
