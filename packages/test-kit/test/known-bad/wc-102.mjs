// Handles a signal from its import on.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

process.on('SIGUSR2', () => {})

export default derive(eventLoop)
