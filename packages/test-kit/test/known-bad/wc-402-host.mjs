// Blocks its event loop when a request takes nearly as long as the timeout.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

const block = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)

export default derive(eventLoop, {
  context: context => ({
    ...context,
    beginRequest(head) {
      const end = context.beginRequest(head)
      const timer = setTimeout(block, context.settings.timeout * 900).unref()
      return outcome => {
        clearTimeout(timer)
        end(outcome)
      }
    },
  }),
})
