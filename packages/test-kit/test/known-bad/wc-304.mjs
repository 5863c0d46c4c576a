// Takes a response for sent whose client has left.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, reportEnds } from './derive.mjs'

const closing = new WeakSet()

export default derive(eventLoop, {
  context(context) {
    const changed = reportEnds(context, (end, outcome) =>
      end(outcome.type === 'aborted' && !closing.has(changed) ? { ...outcome, type: 'sent' } : outcome),
    )
    return changed
  },
  worker: (worker, context) => ({
    ...worker,
    async close() {
      closing.add(context)
      await worker.close()
    },
  }),
})
