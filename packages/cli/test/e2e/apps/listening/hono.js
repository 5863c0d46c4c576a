import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const app = new Hono()
app.get('/', context => context.text('hello from hono'))
app.post('/echo', async context => context.json({ received: await context.req.json() }))
const server = serve({ fetch: app.fetch, port: Number(process.env.APP_PORT) }, info =>
  console.log('app at', JSON.stringify(info), 'listening:', server.listening),
)

export default app
