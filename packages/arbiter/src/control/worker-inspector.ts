/** The inspector of a worker, as the control API reports it. */

export interface WorkerInspector {
  readonly worker: { readonly age: number; readonly pid: number | null }
  /** The `ws:` URL that a debugger attaches to. `null`: the inspector is closed. */
  readonly url: string | null
  /** The app runs in threads of the worker, and only its main thread is inspected. */
  readonly isAppElsewhere: boolean
  /** The worker ends after this many more requests; `null`: there is no limit. */
  readonly requestsLeft: number | null
}
