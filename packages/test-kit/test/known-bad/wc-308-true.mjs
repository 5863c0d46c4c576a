// Serves two requests on a connection and no more.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, meetServers } from './derive.mjs'

export default derive(eventLoop, {
  context: context =>
    meetServers(context, server => {
      server.maxRequestsPerSocket = 2
    }),
})
