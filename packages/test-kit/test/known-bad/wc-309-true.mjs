// Hangs up on those who say something on their WebSocket.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, meetServers } from './derive.mjs'

export default derive(eventLoop, {
  context: context =>
    meetServers(context, server => {
      // A listener more would take upgrades that the app does not want.
      const emit = server.emit.bind(server)
      server.emit = (event, ...args) => {
        const [, socket] = args
        if (event === 'upgrade') socket.prependOnceListener('data', () => socket.destroy())
        return emit(event, ...args)
      }
    }),
})
