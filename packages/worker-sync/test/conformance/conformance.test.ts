import { describeWorkerClass } from '@tunicorn/test-kit/vitest'
import sync from '@tunicorn/worker-sync'

describeWorkerClass(sync, { module: new URL('../../dist/index.js', import.meta.url) })
