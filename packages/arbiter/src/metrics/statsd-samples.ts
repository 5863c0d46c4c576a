/** What StatsD is sent: how much counters have grown since the last time, and the values of gauges. */
import type { ListedMetric } from './listed-metric.js'
import type { Labels } from './metric-value.js'

export interface StatsdSample {
  readonly type: 'count' | 'gauge'
  readonly name: string
  readonly labels: Labels
  readonly value: number
}

/** This counter is the kernel's, and began before this server started. */
const foreign = 'tunicorn_listen_overflows_total'

export class StatsdSamples {
  /** The counters' values at the last time. */
  #before: ReadonlyMap<string, number> = new Map()

  /** A counter that has not grown gets no sample. */
  next(metrics: readonly ListedMetric[]): readonly StatsdSample[] {
    const counted = new Map<string, number>()
    const samples: StatsdSample[] = []
    for (const { name, type, values } of metrics)
      for (const { labels, value, metricName = name } of values) {
        if (type === 'gauge' || type === 'summary') {
          samples.push({ type: 'gauge', name: metricName, labels, value })
          continue
        }
        const key = JSON.stringify([metricName, labels])
        const before = this.#before.get(key) ?? (name === foreign ? value : 0)
        counted.set(key, value)
        // A counter that disappeared for a while starts from zero.
        const growth = value < before ? value : value - before
        if (growth > 0) samples.push({ type: 'count', name: metricName, labels, value: growth })
      }
    this.#before = counted
    return samples
  }
}
