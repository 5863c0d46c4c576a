/** What a process that lives the life of one worker is told, and what it reports. */
import type { AppSource, Listener, WorkerSettings } from '@tunicorn/arbiter/worker'

export interface LifePlan {
  /** `file:` URL of the worker class. */
  readonly module: string
  readonly app: AppSource
  readonly settings: WorkerSettings
  readonly options: unknown
  /** The worker serves until the suite sends any message. */
  readonly serves: boolean
  readonly drains: boolean
}

export type LifeReport =
  | { readonly type: 'serving'; readonly address: Listener['address'] }
  /** `failed`: the methods that rejected. */
  | { readonly type: 'closed'; readonly failed: readonly string[] }
  /** The process is still alive a while later because of these resources, as Node names them. Sent repeatedly. */
  | { readonly type: 'kept'; readonly resources: readonly string[] }
