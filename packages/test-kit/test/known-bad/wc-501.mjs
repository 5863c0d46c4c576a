// Takes its time to stop accepting.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, withListeners } from './derive.mjs'

const lateMs = 300

export default derive(eventLoop, {
  context: context =>
    withListeners(context, listener => ({
      pause() {
        setTimeout(() => listener.pause(), lateMs)
      },
    })),
})
