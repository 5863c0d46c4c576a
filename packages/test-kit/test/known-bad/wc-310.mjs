// Tells the app to go on, however slow the client is.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, meetRequests } from './derive.mjs'

export default derive(eventLoop, {
  context: context =>
    meetRequests(context, (_req, res) => {
      const write = res.write.bind(res)
      res.write = (...args) => {
        write(...args)
        return true
      }
    }),
})
