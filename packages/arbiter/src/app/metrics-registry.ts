/** The part of a prom-client registry that is used. */
export interface MetricsRegistry {
  /** Every metric with its values, and with how they are aggregated over workers (`aggregator`). */
  getMetricsAsJSON(): Promise<readonly unknown[]>
}
