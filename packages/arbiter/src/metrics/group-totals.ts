/** What has happened in one group since the arbiter was started. Everything here only grows, except the gauges. */

import { refusalReasons } from '../contract/refusal-reason.js'
import { requestCodes } from '../protocol/request-figures.js'
import { type ReasonKind, reasonKinds } from '../supervision/reason.js'
import { createDistribution, type Distribution } from './distribution.js'
import { GaugeSums } from './gauge-sums.js'
import { histogramValues, type MetricValue, type MetricValues } from './metric-value.js'
import { createRequestTotals, type RequestTotals } from './request-deltas.js'

/** Upper bounds in seconds. */
const bootBounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

export class GroupTotals {
  readonly boots: Distribution = createDistribution(bootBounds)
  readonly gauges: GaugeSums = new GaugeSums()
  readonly #group: string
  readonly #requests = new Map<string, RequestTotals>()
  readonly #lost = new Map<ReasonKind, number>(reasonKinds.map(reason => [reason, 0]))
  #lostBroadcasts = 0
  readonly #exits = new Map<ReasonKind, number>(reasonKinds.map(reason => [reason, 0]))

  constructor(group: string) {
    this.#group = group
  }

  /** The totals for workers of this class. A reload may change the class. */
  requests(workerClass: string): RequestTotals {
    const known = this.#requests.get(workerClass)
    if (known) return known
    const totals = createRequestTotals()
    this.#requests.set(workerClass, totals)
    return totals
  }

  /** `lost`: how many requests the worker had in flight. */
  countExit(reason: ReasonKind, lost: number): void {
    this.#lost.set(reason, (this.#lost.get(reason) ?? 0) + lost)
    this.#exits.set(reason, (this.#exits.get(reason) ?? 0) + 1)
  }

  countLostBroadcasts(count: number): void {
    this.#lostBroadcasts += count
  }

  /** How long requests took, over all worker classes. */
  durations(): Pick<Distribution, 'bounds' | 'counts'> {
    const { bounds, counts } = createRequestTotals().latency
    const classes = [...this.#requests.values()]
    return {
      bounds,
      counts: counts.map((_, index) =>
        classes.reduce((sum, { latency }) => sum + (latency.counts[index] ?? 0), 0),
      ),
    }
  }

  values(): MetricValues {
    const group = this.#group
    const classes = [...this.#requests]
    return {
      tunicorn_requests_total: classes.flatMap(([worker_class, { codes }]): readonly MetricValue[] =>
        requestCodes.map((code, index) => ({
          labels: { group, worker_class, code },
          value: codes[index] ?? 0,
        })),
      ),
      tunicorn_requests_refused_total: refusalReasons.map((reason, index) => ({
        labels: { group, reason },
        value: classes.reduce((sum, [, { refused }]) => sum + (refused[index] ?? 0), 0),
      })),
      tunicorn_request_duration_seconds: classes.flatMap(([worker_class, { latency }]) =>
        histogramValues('tunicorn_request_duration_seconds', { group, worker_class }, latency),
      ),
      tunicorn_worker_boot_seconds: histogramValues('tunicorn_worker_boot_seconds', { group }, this.boots),
      tunicorn_worker_exits_total: byReason(group, this.#exits),
      tunicorn_requests_lost_total: byReason(group, this.#lost),
      tunicorn_broadcasts_lost_total: [{ labels: { group }, value: this.#lostBroadcasts }],
    }
  }
}

function byReason(group: string, counts: ReadonlyMap<ReasonKind, number>): readonly MetricValue[] {
  return [...counts].map(([reason, value]) => ({ labels: { group, reason }, value }))
}
