// Promises one request at a time and takes all that come.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, { capabilities: { concurrency: 'single' } })
