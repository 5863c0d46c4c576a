// Believes that whoever has served is drained before it is closed.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  worker(worker) {
    let hasServed = false
    let wasDrained = false
    return {
      ...worker,
      async serve() {
        hasServed = true
        await worker.serve()
      },
      async drain(deadline) {
        wasDrained = true
        await worker.drain(deadline)
      },
      async close() {
        await worker.close()
        if (hasServed && !wasDrained) throw new Error('drain comes before close')
      },
    }
  },
})
