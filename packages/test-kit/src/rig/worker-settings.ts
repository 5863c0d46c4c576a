/** The settings under which the suite runs a worker: short times, no recycling. */
import { type AnyWorkerClass, defaultWorkerSettings, type WorkerSettings } from '@tunicorn/arbiter/worker'

const base: WorkerSettings = { ...defaultWorkerSettings, gracefulTimeout: 2 }

/** The later ones win: the suite's, the class's own defaults, its author's, those of the clause. */
export function workerSettings(
  workerClass: AnyWorkerClass,
  given: Partial<WorkerSettings>,
  clause: Partial<WorkerSettings>,
): WorkerSettings {
  // A class that recycles its workers would do so between two requests of one clause.
  return { ...base, ...workerClass.defaults, maxRequests: 0, ...given, ...clause }
}
