// Answers with a word where true or false is asked for, when there is no timeout.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, { watchdog: ({ settings }) => settings.timeout > 0 || 'no' })
