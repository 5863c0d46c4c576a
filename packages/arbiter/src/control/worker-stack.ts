/** What a worker is doing at one moment, as the control API reports it. */

export interface WorkerStack {
  readonly worker: { readonly age: number; readonly pid: number | null }
  /** `waiting`: no JavaScript is running; `native`: it is in native code; `paused`: a debugger has paused it. */
  readonly state: 'running' | 'waiting' | 'native' | 'paused'
  /** In the form of an error's stack: one line per frame, innermost first, at most 30. Empty unless the state is `running`. */
  readonly stack: string
  /** The longest requests in flight, at most ten; `ms` is their age. Empty for `native` and `paused`, where they cannot be determined. */
  readonly requests: readonly { readonly method: string; readonly target: string; readonly ms: number }[]
}
