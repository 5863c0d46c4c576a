/** What the import of a module has left in its process. */
export interface ImportReport {
  /** Events of `process` that somebody listens to now. */
  readonly listeners: readonly string[]
  /** Handles and timers, as Node calls them. */
  readonly resources: readonly string[]
  readonly globals: readonly string[]
  /** The working directory is another one. */
  readonly hasMoved: boolean
}
