// Names an app kind twice.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, { capabilities: { appKinds: ['node', 'node'] } })
