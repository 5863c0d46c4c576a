import { findAppBridge } from './app-bridge.js'
import type { MetricsRegistry } from './metrics-registry.js'

/**
 * Adds the metrics of this registry to the arbiter's `/metrics`, aggregated over all workers of the group as in prom-client's
 * cluster mode, with the label `group`. Counters and histograms do not go back when workers end. The arbiter's values are at most
 * a second old, or two seconds where the app runs in threads. Does nothing where no arbiter runs the app.
 *
 * @throws TypeError for anything that is not a registry
 */
export function exposeMetrics(registry: MetricsRegistry): void {
  if (typeof registry?.getMetricsAsJSON !== 'function')
    throw new TypeError('Expected a registry of prom-client, which has getMetricsAsJSON()')
  findAppBridge()?.exposeMetrics?.(registry)
}
