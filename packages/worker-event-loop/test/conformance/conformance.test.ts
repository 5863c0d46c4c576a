import { describeWorkerClass } from '@tunicorn/test-kit/vitest'
import eventLoop from '@tunicorn/worker-event-loop'

describeWorkerClass(eventLoop, { module: new URL('../../dist/index.js', import.meta.url) })
