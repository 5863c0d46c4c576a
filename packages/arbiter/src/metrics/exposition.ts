/** The text format that Prometheus reads. */
import type { PrometheusContentType } from 'prom-client'
import AggregatorRegistry from 'prom-client/lib/cluster.js'
import type { ListedMetric } from './listed-metric.js'
import { metricCatalogue } from './metric-catalogue.js'
import type { MetricValue, MetricValues } from './metric-value.js'

/** Lists metrics in the order of the catalogue. Metrics without a value are left out. */
export function listed(parts: readonly MetricValues[]): readonly ListedMetric[] {
  return Object.entries(metricCatalogue).flatMap(([name, { type, help }]) => {
    const values = parts.flatMap((part: ByName) => part[name] ?? [])
    return values.length === 0 ? [] : [{ name, type, help, values }]
  })
}

/**
 * The metrics as text. The library's own counters and histograms only grow by what they observe themselves, so these values are
 * passed to it as if they came from a registry elsewhere.
 */
export function exposition(metrics: readonly ListedMetric[]): Promise<string> {
  const elsewhere = metrics.map(metric => ({ ...metric, aggregator: 'first' }))
  return AggregatorRegistry.aggregate<PrometheusContentType>([elsewhere]).metrics()
}

type ByName = Readonly<Record<string, readonly MetricValue[] | undefined>>
