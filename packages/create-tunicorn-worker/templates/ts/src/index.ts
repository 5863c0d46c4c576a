/**
 * The worker class `my-class`: what it is called and what it promises.
 *
 * The arbiter imports this module too, so it does nothing but describe; the rest is loaded inside of `create`.
 */
import type { WorkerClass } from '@tunicorn/arbiter/worker'

const workerClass: WorkerClass = {
  contract: 1,
  name: 'my-class',
  capabilities: {
    appKinds: ['node', 'fetch'],
    concurrency: 'multiple',
    heartbeat: 'host',
    keepAlive: true,
    streaming: true,
    upgrade: true,
    lifespan: false,
    tls: true,
  },
  async create(context) {
    const { MyClassWorker } = await import('./my-class-worker.js')
    return new MyClassWorker(context)
  },
}

export default workerClass
