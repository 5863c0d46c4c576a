/** Everything that is known about a worker before it is made, in any rig. */
import type { AnyWorkerClass, AppSource, ListenerTls, WorkerSettings } from '@tunicorn/arbiter/worker'
import type { Driver } from '../driver/driver.js'

export interface WorkerPlan {
  readonly workerClass: AnyWorkerClass
  /** `file:` URL of the module with the class. */
  readonly module: string
  readonly driver: Driver
  readonly app: AppSource
  readonly settings: WorkerSettings
  /** As given by the author of the class. */
  readonly options: unknown
  /** One entry per listener: the path of a Unix socket, or `undefined` for a port of the loopback address. */
  readonly unixPaths: readonly (string | undefined)[]
  /** How connections to its listeners are encrypted. Only for a worker in this process. */
  readonly tls: ListenerTls | undefined
  /** Its place among the workers of its group. */
  readonly slot: number
  /** A temporary folder for this worker alone. */
  readonly directory: string
  /** How long to wait for the worker, whatever it has to do. */
  readonly patienceMs: number
}
