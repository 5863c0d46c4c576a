// Leaves a timer behind when it was drained.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  worker: worker => ({
    ...worker,
    async drain(deadline) {
      setInterval(() => {}, 1_000)
      await worker.drain(deadline)
    },
  }),
})
