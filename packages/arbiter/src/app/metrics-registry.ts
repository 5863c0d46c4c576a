/** A registry of prom-client, as far as it is needed. */
export interface MetricsRegistry {
  /** Every metric with its values, and with how they are put together over workers (`aggregator`). */
  getMetricsAsJSON(): Promise<readonly unknown[]>
}
