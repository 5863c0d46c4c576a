// Starts a process that outlives it.
import { spawn } from 'node:child_process'
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

const seconds = '30'

export default derive(eventLoop, {
  worker(worker) {
    const helper =
      process.env.TUNICORN_WORKER === undefined
        ? undefined
        : spawn('sleep', [seconds], { detached: true, stdio: 'ignore' })
    helper?.unref()
    return {
      ...worker,
      async close() {
        helper?.kill()
        await worker.close()
      },
    }
  },
})
