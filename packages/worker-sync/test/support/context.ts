/** Contexts of a worker that nothing is done with. */
import {
  type AppKind,
  defaultWorkerSettings,
  type WorkerContext,
  type WorkerSettings,
} from '@tunicorn/arbiter/worker'
import type { SyncOptions } from '@tunicorn/worker-sync'

export const defaultSettings: WorkerSettings = { ...defaultWorkerSettings, maxRequests: 1 }

/** A context in which nothing may be used. */
export function contextOf(kind: AppKind | 'auto'): WorkerContext<SyncOptions> {
  const refuse = (): never => {
    throw new Error('Nothing may be called before `boot`')
  }
  return {
    group: 'default',
    age: 1,
    generation: 0,
    app: { url: 'file:///app.js', exportName: '', kind, load: refuse },
    listeners: [],
    settings: defaultSettings,
    options: { watchdog: false },
    log: { debug: refuse, info: refuse, warn: refuse, error: refuse },
    notify: refuse,
    beginRequest: refuse,
    retire: refuse,
  }
}
