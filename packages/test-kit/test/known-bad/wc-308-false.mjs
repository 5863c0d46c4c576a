// Promises to close every connection and keeps them.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, { capabilities: { keepAlive: false } })
