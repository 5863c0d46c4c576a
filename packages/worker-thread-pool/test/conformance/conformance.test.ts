import { describeWorkerClass } from '@tunicorn/test-kit/vitest'
import threadPool from '@tunicorn/worker-thread-pool'

describeWorkerClass(threadPool, {
  module: new URL('../../dist/index.js', import.meta.url),
  // Enough for the requests that the suite has at the same time.
  options: { threads: 3 },
})
