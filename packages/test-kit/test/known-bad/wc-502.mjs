// Sends half of what an app writes when the request is older than the drain.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, meetRequests } from './derive.mjs'

const draining = new WeakSet()

export default derive(eventLoop, {
  context(context) {
    const changed = meetRequests(context, ({ socket }, res) => {
      if (draining.has(changed)) return
      const write = res.write.bind(res)
      res.write = chunk => {
        if (!draining.has(changed)) return write(chunk)
        write(chunk.slice(0, chunk.length / 2))
        setImmediate(() => socket.destroy())
        return true
      }
    })
    return changed
  },
  worker: (worker, context) => ({
    ...worker,
    async drain(deadline) {
      draining.add(context)
      await worker.drain(deadline)
    },
  }),
})
