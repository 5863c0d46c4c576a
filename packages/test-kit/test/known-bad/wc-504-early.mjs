// Is done with a drain as soon as it has begun, unless there are WebSockets.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

const upgraded = new WeakSet()

export default derive(eventLoop, {
  context(context) {
    const changed = {
      ...context,
      beginRequest(head) {
        if (head.header?.('upgrade') !== undefined) upgraded.add(changed)
        return context.beginRequest(head)
      },
    }
    return changed
  },
  worker: (worker, context) => ({
    ...worker,
    async drain(deadline) {
      const drained = worker.drain(deadline)
      if (upgraded.has(context) || deadline.aborted) await drained
    },
  }),
})
