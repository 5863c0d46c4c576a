// Promises to refuse upgrades and hands them to the app.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, { capabilities: { upgrade: false } })
