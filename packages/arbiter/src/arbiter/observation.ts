/** What a server shows to the outside: its metrics, and the answers to probes. */
import type { Route } from '../control/route.js'
import { Metrics } from '../metrics/metrics.js'
import { probeRoutes } from '../probes/probe-routes.js'
import { readinessOf } from '../probes/readiness.js'
import type { SocketStore } from '../sockets/socket-store.js'
import type { Supervisor } from '../supervision/supervisor.js'

export interface Observation {
  /** To be added to the observers of supervision. */
  readonly metrics: Metrics
  readonly routes: readonly Route[]
}

/** `isStarted`: every group has served once. */
export function createObservation(
  supervisor: Supervisor,
  sockets: SocketStore,
  isStarted: () => boolean,
): Observation {
  const metrics = new Metrics({
    state: supervisor.state,
    sockets: () => sockets.all(),
    certificatesOf: group => supervisor.launchOf(group)?.tls?.current.certificates ?? [],
    appMetricsOf: row => supervisor.appMetricsOf(row),
    workerClassOf: row => supervisor.workerClassOf(row),
  })
  const routes = probeRoutes({
    isAlive: () => supervisor.isTicking(),
    isStarted,
    readiness: () => readinessOf(supervisor.state),
    renderMetrics: () => metrics.render(),
  })
  return { metrics, routes }
}
