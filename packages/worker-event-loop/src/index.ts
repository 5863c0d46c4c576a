/**
 * The worker class `event-loop`: many concurrent requests on one event loop, staying alive between them.
 *
 * The arbiter imports this module too, so it loads nothing but the contract.
 */
import { defineWorkerClass, type WorkerClass } from '@tunicorn/arbiter/worker'

const eventLoop: WorkerClass = defineWorkerClass({
  contract: 1,
  name: 'event-loop',
  capabilities: {
    appKinds: ['node', 'fetch'],
    concurrency: 'multiple',
    heartbeat: 'host',
    keepAlive: true,
    streaming: true,
    upgrade: true,
    lifespan: false,
    tls: true,
    http2: true,
    needsListener: false,
  },
  async create(context) {
    const { EventLoopWorker } = await import('./event-loop-worker.js')
    return new EventLoopWorker(context)
  },
})

export default eventLoop
