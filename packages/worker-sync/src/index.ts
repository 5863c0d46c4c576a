/**
 * The worker class `sync`: one request at a time, and by default one request per process.
 *
 * The arbiter imports this module too, and every worker begins with it, so it loads nothing but the contract.
 */
import { defineWorkerClass, type WorkerClass } from '@tunicorn/arbiter/worker'
import { checkSettings } from './check-settings.js'
import { startCompileCache } from './compile-cache.js'
import { syncOptions } from './options.js'

export type { GivenSyncOptions, SyncOptions } from './options.js'

const sync: WorkerClass<typeof syncOptions> = defineWorkerClass({
  contract: 1,
  name: 'sync',
  capabilities: {
    appKinds: ['node', 'fetch'],
    concurrency: 'single',
    heartbeat: 'worker',
    keepAlive: false,
    streaming: true,
    upgrade: false,
    lifespan: false,
    tls: true,
  },
  options: syncOptions,
  defaults: { maxRequests: 1 },
  check: checkSettings,
  spares: ({ options, workers }) => options.spares ?? workers,
  watchdog: ({ options }) => options.watchdog,
  async create(context) {
    startCompileCache()
    const { SyncWorker } = await import('./sync-worker.js')
    return new SyncWorker(context)
  },
})

export default sync
