/** What a worker's totals add to those of its group. A worker runs app code, so its totals may jump or go back. */
import { refusalReasons } from '../contract/refusal-reason.js'
import {
  latencyBoundsMs,
  noRequests,
  type RequestFigures,
  requestCodes,
} from '../protocol/request-figures.js'
import { createDistribution, type Distribution } from './distribution.js'

/** Between two messages a worker cannot end more requests, or spend more time on them. Larger figures are false. */
const maxRequests = 10_000_000
const maxLatencyMs = 10 ** 11

/** Requests of one worker class in one group. Never decreases. */
export interface RequestTotals {
  /** In the order of `requestCodes`. */
  readonly codes: number[]
  readonly latency: Distribution
  /** In the order of `refusalReasons`. */
  readonly refused: number[]
}

export function createRequestTotals(): RequestTotals {
  return {
    codes: requestCodes.map(() => 0),
    latency: createDistribution(latencyBoundsMs.map(ms => ms / 1_000)),
    refused: refusalReasons.map(() => 0),
  }
}

/** Follows the totals of one worker. */
export class RequestDeltas {
  #seen: RequestFigures = noRequests

  /** Adds to `totals` what is new since the last call. A figure that went back counts again only once it exceeds its highest value. */
  add(figures: RequestFigures, totals: RequestTotals): void {
    const seen = this.#seen
    addNew(totals.codes, figures.codes, seen.codes)
    addNew(totals.latency.counts, figures.latency, seen.latency)
    addNew(totals.refused, figures.refused, seen.refused)
    totals.latency.sum += increase(figures.latencySumMs, seen.latencySumMs, maxLatencyMs) / 1_000
    this.#seen = {
      codes: highest(figures.codes, seen.codes),
      latency: highest(figures.latency, seen.latency),
      latencySumMs: Math.max(figures.latencySumMs, seen.latencySumMs),
      refused: highest(figures.refused, seen.refused),
    }
  }
}

function addNew(totals: number[], now: readonly number[], before: readonly number[]): void {
  for (const index of totals.keys())
    totals[index] =
      (totals[index] ?? 0) + Math.floor(increase(now[index] ?? 0, before[index] ?? 0, maxRequests))
}

function highest(now: readonly number[], before: readonly number[]): readonly number[] {
  return now.map((count, index) => Math.max(count, before[index] ?? 0))
}

function increase(now: number, before: number, most: number): number {
  return Math.min(most, Math.max(0, now - before))
}
