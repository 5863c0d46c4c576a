// Waits for the deadline when it had something to do.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

const inFlight = new WeakMap()

export default derive(eventLoop, {
  context(context) {
    const changed = {
      ...context,
      beginRequest(head) {
        const end = context.beginRequest(head)
        inFlight.set(changed, (inFlight.get(changed) ?? 0) + 1)
        return outcome => {
          inFlight.set(changed, inFlight.get(changed) - 1)
          end(outcome)
        }
      },
    }
    return changed
  },
  worker: (worker, context) => ({
    ...worker,
    async drain(deadline) {
      const wasBusy = inFlight.get(context) > 0
      await worker.drain(deadline)
      if (wasBusy && !deadline.aborted)
        await new Promise(resolve => deadline.addEventListener('abort', resolve))
    },
  }),
})
