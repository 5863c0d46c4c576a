// Does not tell the server of its app that it is closed.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  context(context) {
    async function load() {
      const loaded = await context.app.load()
      loaded.value.removeAllListeners('close')
      return loaded
    }
    return { ...context, app: { ...context.app, load } }
  },
})
