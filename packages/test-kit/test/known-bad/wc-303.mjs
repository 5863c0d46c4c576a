// Ends a response properly that its app has not ended.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, meetRequests } from './derive.mjs'

export default derive(eventLoop, {
  context: context =>
    meetRequests(context, ({ socket }, res) => {
      for (const name of ['destroy', 'resetAndDestroy']) {
        const method = socket[name].bind(socket)
        socket[name] = (...args) => {
          if (!res.headersSent || res.writableEnded) return method(...args)
          res.end()
          return socket
        }
      }
    }),
})
