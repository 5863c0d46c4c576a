// Does not mind that its arbiter is gone. From a class without a watchdog, which would see it too.
import sync from '@tunicorn/worker-sync'
import { derive } from './derive.mjs'

export default derive(sync, {
  context(context) {
    process.removeAllListeners('disconnect')
    return context
  },
})
