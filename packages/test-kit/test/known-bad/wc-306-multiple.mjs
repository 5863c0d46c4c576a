// Promises many requests at a time and takes one.
import sync from '@tunicorn/worker-sync'
import { derive } from './derive.mjs'

export default derive(sync, { capabilities: { concurrency: 'multiple' } })
