/** For apps that know that they are running in a worker. */
export { broadcast, onBroadcast } from '../app/broadcast.js'
export type { BroadcastListener, BroadcastOptions } from '../app/broadcasts.js'
export { exposeMetrics } from '../app/expose-metrics.js'
export type { MetricsRegistry } from '../app/metrics-registry.js'
export { whenServing } from '../app/when-serving.js'
export { type ErrorCode, TunicornError } from '../errors.js'
