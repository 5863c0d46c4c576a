import { describeWorkerClass } from '@tunicorn/test-kit/node'
import workerClass from '../src/index.js'

describeWorkerClass(workerClass, { module: new URL('../src/index.js', import.meta.url) })
