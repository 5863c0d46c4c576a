// Takes upgrades for as long as the app did when it booted: a listener that comes later is not heard.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, meetServers } from './derive.mjs'

export default derive(eventLoop, {
  context: context =>
    meetServers(context, server => {
      const on = server.on.bind(server)
      server.on = (event, listener) => (event === 'upgrade' ? server : on(event, listener))
    }),
})
