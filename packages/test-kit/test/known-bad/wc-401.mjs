// Lets a handler block its thread forever.
import threadPool from '@tunicorn/worker-thread-pool'
import { derive } from './derive.mjs'

export default derive(threadPool, {
  context: context => ({ ...context, settings: { ...context.settings, timeout: 0 } }),
})
