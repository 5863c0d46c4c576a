/** How requests ended and how long they took, as hosts count and the arbiter adds up: both sides share these classes. */

import { refusalReasons } from '../contract/refusal-reason.js'

/**
 * Classes of outcomes. `5xx` also has what failed with no such status on the wire, for example a response that was cut in
 * the middle; `aborted` has what the client gave up or a deadline cut; `none` has what was served without a status: some
 * protocols know none. `1xx` are upgraded connections, counted at their end.
 */
export const requestCodes = ['1xx', '2xx', '3xx', '4xx', '5xx', 'aborted', 'none'] as const

export type RequestCode = (typeof requestCodes)[number]

/** Upper bounds of the latency buckets, in milliseconds; one more bucket has everything above. */
export const latencyBoundsMs: readonly number[] = [
  1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
]

/** Totals since the worker was spawned: a message that is lost loses nothing, because the next one has it too. */
export interface RequestFigures {
  /** Ended requests by class, in the order of {@link requestCodes}. */
  readonly codes: readonly number[]
  /**
   * Ended requests by duration, in the order of {@link latencyBoundsMs}; each counts in one bucket. `1xx` are in
   * none: they last as long as a connection and would hide everything else.
   */
  readonly latency: readonly number[]
  /** Sum of the durations of those in a bucket. */
  readonly latencySumMs: number
  /** Refused requests by reason, in the order of `refusalReasons`. */
  readonly refused: readonly number[]
}

/** The figures of a worker that has ended no request. */
export const noRequests: RequestFigures = {
  codes: requestCodes.map(() => 0),
  latency: [...latencyBoundsMs.map(() => 0), 0],
  latencySumMs: 0,
  refused: refusalReasons.map(() => 0),
}
