// Waits for request heads forever.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  context: context => ({ ...context, settings: { ...context.settings, headersTimeout: 0 } }),
})
