// Finds out the kind of its app by itself, whatever it is told.
import { loadApp } from '@tunicorn/arbiter/worker'
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  context(context) {
    const app = { ...context.app, kind: 'auto' }
    const source = { ...app, specifier: app.url }
    return { ...context, app: { ...app, load: () => loadApp(source, ['node', 'fetch']) } }
  },
})
