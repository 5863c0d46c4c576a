// Logs every error twice.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  context(context) {
    const error = (message, fields) => {
      context.log.error(message, fields)
      context.log.error(message, fields)
    }
    return { ...context, log: { ...context.log, error } }
  },
})
