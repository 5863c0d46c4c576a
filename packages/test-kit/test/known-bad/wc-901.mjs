// Runs its apps in threads, and tells them nothing of what other workers broadcast.
import threadPool from '@tunicorn/worker-thread-pool'
import { derive } from './derive.mjs'

export default derive(threadPool, { context: context => ({ ...context, onBroadcast: undefined }) })
