/** The same app of kind `fetch` behind `@hono/node-server`. Says where it listens in the words of Tunicorn's log. */
import { serve } from '@hono/node-server'
import app from './fetch-app.mjs'

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  console.log(`Listening at: http://127.0.0.1:${port} (${process.pid})`)
})
