/** A problem with a setting or an option, found before anything is bound or spawned. */
export interface Issue {
  /** Where it is: keys from the outside in, for example `['workerOptions', 'threads']`. */
  readonly path: readonly (string | number)[]
  /** What is wrong and what to do, without a final stop. */
  readonly message: string
  /** `error` stops the start; `warning` is logged. @default 'error' */
  readonly severity?: 'error' | 'warning'
}
