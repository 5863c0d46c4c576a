// Writes targets in lower case.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, meetRequests } from './derive.mjs'

export default derive(eventLoop, {
  context: context =>
    meetRequests(context, req => {
      req.url = req.url.toLowerCase()
    }),
})
