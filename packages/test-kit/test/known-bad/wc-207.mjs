// Cleans the environment of the app a little too well.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  context(context) {
    for (const name of Object.keys(process.env)) if (/^TUNICORN_SLOT$/.test(name)) delete process.env[name]
    return context
  },
})
