// Cuts what it should let go.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, meetServers } from './derive.mjs'

export default derive(eventLoop, {
  context(context) {
    const sockets = []
    const changed = meetServers(context, server => server.on('connection', socket => sockets.push(socket)))
    return { ...changed, sockets }
  },
  worker: (worker, { sockets }) => ({
    ...worker,
    shed(count) {
      for (const socket of sockets.splice(0, count)) socket.destroy()
    },
  }),
})
