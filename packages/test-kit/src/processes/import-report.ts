/** What the import of a module has left behind in its process. */
export interface ImportReport {
  /** Events of `process` that have gained listeners. */
  readonly listeners: readonly string[]
  /** Handles and timers, as Node names them. */
  readonly resources: readonly string[]
  readonly globals: readonly string[]
  /** The working directory has changed. */
  readonly hasMoved: boolean
}
