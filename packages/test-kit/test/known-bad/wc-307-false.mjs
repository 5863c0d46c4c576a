// Promises whole responses and streams them.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, { capabilities: { streaming: false } })
