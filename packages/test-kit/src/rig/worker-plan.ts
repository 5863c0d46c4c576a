/** Everything that is known of a worker before it is made, in whichever rig. */
import type { AnyWorkerClass, AppSource, ListenerTls, WorkerSettings } from '@tunicorn/arbiter/worker'
import type { Driver } from '../driver/driver.js'

export interface WorkerPlan {
  readonly workerClass: AnyWorkerClass
  /** `file:` URL of the module with the class. */
  readonly module: string
  readonly driver: Driver
  readonly app: AppSource
  readonly settings: WorkerSettings
  /** As the author of the class gave them. */
  readonly options: unknown
  /** One listener each: a path of a Unix socket, or a port of the loopback address. */
  readonly unixPaths: readonly (string | undefined)[]
  /** How connections at its listeners are encrypted; only in this process. */
  readonly tls: ListenerTls | undefined
  /** Its place among the workers of its group. */
  readonly slot: number
  /** Temporary, for this worker alone. */
  readonly directory: string
  /** How long a worker is waited for, whatever it is to do. */
  readonly patienceMs: number
}
