/** How requests ended and how long they took, as hosts count them and the arbiter adds them up. Both sides share these classes. */

import { refusalReasons } from '../contract/refusal-reason.js'

/**
 * Classes of outcomes:
 * - `5xx` includes failures for which no such status was sent, for example a response that was cut off in the middle.
 * - `aborted`: the client gave up, or a deadline ended the request.
 * - `none`: served without a status, because some protocols have none.
 * - `1xx`: upgraded connections, counted when they end.
 */
export const requestCodes = ['1xx', '2xx', '3xx', '4xx', '5xx', 'aborted', 'none'] as const

export type RequestCode = (typeof requestCodes)[number]

/** Upper bounds of the latency buckets, in milliseconds. One more bucket takes everything above. */
export const latencyBoundsMs: readonly number[] = [
  1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
]

/** Totals since the worker was spawned. No count is lost with a message, because the next message includes it. */
export interface RequestFigures {
  /** Ended requests by class, in the order of {@link requestCodes}. */
  readonly codes: readonly number[]
  /**
   * Ended requests by duration, in the order of {@link latencyBoundsMs}. Each counts in one bucket. `1xx` are in none of them:
   * they last as long as a connection and would hide everything else.
   */
  readonly latency: readonly number[]
  /** Sum of the durations of the requests in a bucket. */
  readonly latencySumMs: number
  /** Refused requests by reason, in the order of `refusalReasons`. */
  readonly refused: readonly number[]
}

/** The figures of a worker in which no request has ended yet. */
export const noRequests: RequestFigures = {
  codes: requestCodes.map(() => 0),
  latency: [...latencyBoundsMs.map(() => 0), 0],
  latencySumMs: 0,
  refused: refusalReasons.map(() => 0),
}
