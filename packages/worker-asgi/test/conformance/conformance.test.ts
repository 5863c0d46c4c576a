import { describeWorkerClass } from '@tunicorn/test-kit/vitest'
import asgi from '@tunicorn/worker-asgi'

describeWorkerClass(asgi, { module: new URL('../../dist/index.js', import.meta.url) })
