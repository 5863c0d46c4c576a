// Closes idle connections at the beginning of a drain.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, meetServers } from './derive.mjs'

const servers = new WeakMap()

export default derive(eventLoop, {
  context(context) {
    const own = []
    const changed = meetServers(context, server => own.push(server))
    servers.set(changed, own)
    return changed
  },
  worker: (worker, context) => ({
    ...worker,
    async drain(deadline) {
      for (const server of servers.get(context)) server.closeIdleConnections()
      await worker.drain(deadline)
    },
  }),
})
