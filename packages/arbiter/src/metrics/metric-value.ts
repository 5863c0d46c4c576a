/** One line of the exposition, before it becomes text. */
import type { Distribution } from './distribution.js'
import type { MetricName } from './metric-catalogue.js'

export type Labels = Readonly<Record<string, string>>

export interface MetricValue {
  readonly labels: Labels
  readonly value: number
  /** Set where it differs from the name of the metric, for a part of a histogram. */
  readonly metricName?: string
}

/** The values of some metrics. */
export type MetricValues = { readonly [Name in MetricName]?: readonly MetricValue[] }

export function single(value: number): readonly MetricValue[] {
  return [{ labels: {}, value }]
}

/** The lines of one histogram: cumulative buckets, the sum and the count. */
export function histogramValues(
  name: MetricName,
  labels: Labels,
  { bounds, counts, sum }: Distribution,
): readonly MetricValue[] {
  let total = 0
  const buckets = counts.map((count, index) => {
    total += count
    const le = String(bounds[index] ?? '+Inf')
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: total }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: total },
  ]
}
