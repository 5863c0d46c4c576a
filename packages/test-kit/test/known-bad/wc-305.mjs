// Reports the end of every request twice.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, reportEnds } from './derive.mjs'

export default derive(eventLoop, {
  context: context =>
    reportEnds(context, (end, outcome) => {
      end(outcome)
      end(outcome)
    }),
})
