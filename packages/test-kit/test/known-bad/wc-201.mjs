// Accepts as soon as it has booted.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  worker: worker => ({
    ...worker,
    async boot() {
      await worker.boot()
      await worker.serve()
    },
    async serve() {},
  }),
})
