/** What `reconcile` can ask for. The arbiter carries out each action once and records it in the worker table. */
import type { Reason } from './reason.js'
import type { AbortCause } from './worker-table.js'

export type Action =
  | { readonly type: 'spawn'; readonly group: string; readonly generation: number; readonly slot: number }
  /** Tell a worker in standby to serve. */
  | { readonly type: 'promote'; readonly age: number }
  /** Tell a worker to finish its requests and end. A second drain only shortens the deadline. */
  | { readonly type: 'drain'; readonly age: number; readonly deadlineMs: number; readonly reason: Reason }
  /** The worker was silent for too long, or does not end: collect what evidence there is. The kill follows. */
  | { readonly type: 'abort'; readonly age: number; readonly silentMs: number; readonly cause: AbortCause }
  | { readonly type: 'kill'; readonly age: number; readonly reason: Reason }
  /** The worker reached a limit and is to be replaced. */
  | { readonly type: 'retire'; readonly age: number; readonly reason: Reason }
  /** Every canary is in standby: let them serve for a while beside the old generation. */
  | { readonly type: 'prove' }
  /** Every canary has proved itself: replace the old generation. */
  | { readonly type: 'roll' }
  | { readonly type: 'rollout-done'; readonly group: string }
  /** The new generation does not boot or last: every group goes back. `problem`: what its workers have not reported themselves. */
  | { readonly type: 'rollout-failed'; readonly group: string; readonly problem?: string }
  /** Workers of this group keep ending unasked, so the server is to end. */
  | { readonly type: 'give-up'; readonly group: string; readonly message: string }
  /** Nothing is left to supervise. */
  | { readonly type: 'halt'; readonly cause: 'stopped' | 'boot-failed' }
