// Says that it is alive, whatever its request does.
import sync from '@tunicorn/worker-sync'
import { derive } from './derive.mjs'

export default derive(sync, {
  context(context) {
    setInterval(() => context.notify(), 100).unref()
    return context
  },
})
