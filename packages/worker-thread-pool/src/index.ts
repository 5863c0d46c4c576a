/**
 * The worker class `thread-pool`: HTTP on an event loop, handlers in a Piscina thread pool behind it.
 *
 * The arbiter imports this module too, so it loads nothing but the contract and the schema of the options.
 */
import { defineWorkerClass, type WorkerClass } from '@tunicorn/arbiter/worker'
import { appKinds } from './app-kinds.js'
import { overlaps, threadPoolOptions } from './pool/options.js'

export type { ThreadPoolOptions } from './pool/options.js'

const threadPool: WorkerClass<typeof threadPoolOptions> = defineWorkerClass({
  contract: 1,
  name: 'thread-pool',
  capabilities: {
    appKinds,
    concurrency: 'multiple',
    heartbeat: 'host',
    keepAlive: true,
    streaming: true,
    upgrade: false,
    lifespan: false,
    tls: true,
  },
  options: threadPoolOptions,
  check: ({ options }) =>
    overlaps(options).map(prefix => ({
      path: ['workerOptions', 'loopPaths'],
      message: `the prefix \`${prefix}\` is in \`threadPaths\` too; leave it out of one of them`,
    })),
  async create(context) {
    const { ThreadPoolWorker } = await import('./thread-pool-worker.js')
    return new ThreadPoolWorker(context)
  },
})

export default threadPool
