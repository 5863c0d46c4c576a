// Keeps the first part of a body until the second one comes.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, meetRequests } from './derive.mjs'

export default derive(eventLoop, {
  context: context =>
    meetRequests(context, (_req, res) => {
      const write = res.write.bind(res)
      const end = res.end.bind(res)
      let kept
      const flush = () => {
        if (kept !== undefined) write(kept)
        kept = undefined
      }
      res.write = chunk => {
        res.write = write
        kept = chunk
        res.write = next => {
          flush()
          return write(next)
        }
        return true
      }
      res.end = (...args) => {
        flush()
        return end(...args)
      }
    }),
})
