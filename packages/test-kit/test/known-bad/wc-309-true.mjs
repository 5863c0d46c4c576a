// Hangs up on those who want a WebSocket.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, meetServers } from './derive.mjs'

export default derive(eventLoop, {
  context: context =>
    meetServers(context, server => server.prependListener('upgrade', (_req, socket) => socket.destroy())),
})
