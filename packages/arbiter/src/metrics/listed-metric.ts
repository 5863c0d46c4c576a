/** A metric with its values, whatever their source. */
import type { MetricValue } from './metric-value.js'

export interface ListedMetric {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary'
  readonly help: string
  readonly values: readonly MetricValue[]
}
