/** What a process that lives one worker's life is told, and what it says. */
import type { AppSource, Listener, WorkerSettings } from '@tunicorn/arbiter/worker'

export interface LifePlan {
  /** `file:` URL of the worker class. */
  readonly module: string
  readonly app: AppSource
  readonly settings: WorkerSettings
  readonly options: unknown
  /** Serves until the suite sends any message. */
  readonly serves: boolean
  readonly drains: boolean
}

export type LifeReport =
  | { readonly type: 'serving'; readonly address: Listener['address'] }
  /** `failed`: the methods that rejected. */
  | { readonly type: 'closed'; readonly failed: readonly string[] }
  /** It is still there a while later, because of these resources, as Node calls them. Again and again. */
  | { readonly type: 'kept'; readonly resources: readonly string[] }
