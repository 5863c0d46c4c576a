/** The settings under which the suite runs a worker: short times, no recycling. */
import type { AnyWorkerClass, WorkerSettings } from '@tunicorn/arbiter/worker'

const base: WorkerSettings = {
  timeout: 30,
  bootTimeout: 60,
  gracefulTimeout: 2,
  keepAlive: 65,
  headersTimeout: 15,
  requestTimeout: 300,
  workerConnections: 1000,
  maxRequests: 0,
  maxRequestsJitter: 0,
  backlog: 2048,
  limitRequestLine: 8190,
  limitRequestFields: 100,
  limitRequestFieldSize: 16384,
  limitRequestBody: 0,
  forwardedAllowIps: ['127.0.0.1', '::1'],
}

/** Later ones win: the suite's, the class's own defaults, its author's, those of the clause. */
export function workerSettings(
  workerClass: AnyWorkerClass,
  given: Partial<WorkerSettings>,
  clause: Partial<WorkerSettings>,
): WorkerSettings {
  // A class that recycles its workers would do so between two requests of one clause.
  return { ...base, ...workerClass.defaults, maxRequests: 0, ...given, ...clause }
}
