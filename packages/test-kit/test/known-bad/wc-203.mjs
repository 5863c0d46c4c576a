// Serves the first listener only.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  context: context => ({ ...context, listeners: context.listeners.slice(0, 1) }),
})
