/** What a load run reports while it runs: one of these per line, as JSON. */
import type { Lane } from './lane.js'
import type { Work } from './work.js'

/** Latency of a set of answers, in milliseconds. */
export interface Latency {
  readonly p50Ms: number
  readonly p99Ms: number
}

/** One group as seen by the run so far. */
export interface LaneSummary {
  readonly lane: Lane
  /** Requests that got a good answer. */
  readonly answered: number
  /** Requests that should have got one and did not. */
  readonly failed: number
  /** Requests that were sent to crash or to block their worker, and were lost with it. */
  readonly lost: number
  /** Different processes among the answers. */
  readonly processes: number
  /** How often the leakiest of these processes has leaked in its life. */
  readonly mostLeaked: number
  /** Of the fast requests, or of all if there were none. Absent without an answer. */
  readonly latency?: Latency
}

export type Progress =
  /** The last second of one group. */
  | {
      readonly type: 'sample'
      readonly lane: Lane
      /** Since the load on this group began. */
      readonly atMs: number
      readonly answersPerSecond: number
      readonly latency?: Latency
    }
  /** A request without a good answer. Only the first few of a run are reported. */
  | { readonly type: 'failure'; readonly lane: Lane; readonly work: Work; readonly reason: string }
  /** The load on a group has ended. */
  | { readonly type: 'summary'; readonly summary: LaneSummary }
  /** The last line of a run that was not cut short. */
  | { readonly type: 'done' }
