/** What a worker does at a moment, as the control API tells it. */

export interface WorkerStack {
  readonly worker: { readonly age: number; readonly pid: number | null }
  /** `waiting`: no JavaScript runs; `native`: it is in native code; `paused`: by a debugger. */
  readonly state: 'running' | 'waiting' | 'native' | 'paused'
  /** As in an error: a line per frame, the innermost first, at most 30. Empty unless the state is `running`. */
  readonly stack: string
  /** The longest requests in flight, at most ten; `ms`: for how long. Empty for `native` and `paused`, where nobody can know. */
  readonly requests: readonly { readonly method: string; readonly target: string; readonly ms: number }[]
}
