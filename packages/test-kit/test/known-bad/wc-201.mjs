// Accepts as soon as it has booted.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  worker: worker => {
    let served
    return {
      ...worker,
      async boot() {
        await worker.boot()
        // Not awaited: a worker process is given no socket before it is to serve.
        served = worker.serve()
      },
      serve: () => served,
    }
  },
})
