/** Contexts of a worker that nothing is done with. */
import type { AppKind, WorkerContext, WorkerSettings } from '@tunicorn/arbiter/worker'
import type { SyncOptions } from '../../src/index.js'

export const defaultSettings: WorkerSettings = {
  timeout: 30,
  bootTimeout: 60,
  gracefulTimeout: 30,
  keepAlive: 65,
  headersTimeout: 15,
  requestTimeout: 300,
  workerConnections: 1000,
  maxRequests: 1,
  maxRequestsJitter: 0,
  backlog: 2048,
  limitRequestLine: 8190,
  limitRequestFields: 100,
  limitRequestFieldSize: 16384,
  limitRequestBody: 0,
  forwardedAllowIps: [],
}

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
