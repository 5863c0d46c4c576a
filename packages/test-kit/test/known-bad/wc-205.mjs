// Says that it needs no listener, and does not serve without one.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  capabilities: { needsListener: false },
  worker: (worker, context) => ({
    ...worker,
    async serve() {
      if (context.listeners.length === 0) throw new Error('There is nowhere to accept')
      await worker.serve()
    },
  }),
})
