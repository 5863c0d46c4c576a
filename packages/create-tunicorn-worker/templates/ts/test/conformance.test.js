import { describeWorkerClass } from '@tunicorn/test-kit/node'
import workerClass from '../dist/index.js'

describeWorkerClass(workerClass, { module: new URL('../dist/index.js', import.meta.url) })
