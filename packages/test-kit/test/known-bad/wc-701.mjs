// Does not mind rejections that nobody handles.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  context(context) {
    process.on('unhandledRejection', () => {})
    return context
  },
})
