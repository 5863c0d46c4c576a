// Turns new clients away once it was paused.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, meetServers } from './derive.mjs'

export default derive(eventLoop, {
  context: context =>
    meetServers(context, server => {
      let times = 0
      server.on('listening', () => {
        times += 1
        if (times > 1) server.prependListener('connection', socket => socket.destroy())
      })
    }),
})
