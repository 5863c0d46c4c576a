// Stops saying that it is alive soon after it was made.
import sync from '@tunicorn/worker-sync'
import { derive } from './derive.mjs'

const talkativeMs = 600

export default derive(sync, {
  context(context) {
    const madeAt = performance.now()
    const notify = () => {
      if (performance.now() - madeAt < talkativeMs) context.notify()
    }
    return { ...context, notify }
  },
})
