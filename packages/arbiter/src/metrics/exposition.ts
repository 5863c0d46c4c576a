/** The text that Prometheus reads. */
import type { PrometheusContentType } from 'prom-client'
import AggregatorRegistry from 'prom-client/lib/cluster.js'
import { metricCatalogue } from './metric-catalogue.js'
import type { MetricValue, MetricValues } from './metric-value.js'

/**
 * The values as text, in the order of the catalogue; metrics without a value are left out. The library's own counters and
 * histograms can only be increased by what they see themselves, so the values go in as those of a registry elsewhere.
 */
export function exposition(parts: readonly MetricValues[]): Promise<string> {
  const metrics = Object.entries(metricCatalogue).flatMap(([name, { type, help }]) => {
    const values = parts.flatMap((part: ByName) => part[name] ?? [])
    return values.length === 0 ? [] : [{ name, type, help, aggregator: 'first', values }]
  })
  return AggregatorRegistry.aggregate<PrometheusContentType>([metrics]).metrics()
}

type ByName = Readonly<Record<string, readonly MetricValue[] | undefined>>
