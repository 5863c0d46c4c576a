import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { streamText } from 'hono/streaming'

const app = new Hono()
app.get('/json', c => c.json({ hello: 'world' }))
app.post('/echo', async c => c.json(await c.req.json()))
app.post('/upload', async c => {
  const { file } = await c.req.parseBody()
  return c.json({ name: file.name, size: file.size })
})
app.get('/stream', c =>
  streamText(c, async stream => {
    await stream.write('first\n')
    await stream.sleep(200)
    await stream.write('last\n')
  }),
)
app.get('/*', serveStatic({ root: './public' }))

const server = serve({ fetch: app.fetch, port: 3000 })

process.on('SIGTERM', () => {
  server.close(() => console.log('closed by the app'))
})
