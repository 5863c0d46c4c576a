import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'

const app = new Hono()

app.get('/', c => c.text('hello from hono'))

app.post('/echo', async c => c.json({ received: await c.req.json() }))

app.post('/stream', c => c.body(c.req.raw.body, 200, { 'content-type': 'application/octet-stream' }))

app.get('/events', c =>
  streamSSE(c, async stream => {
    stream.onAbort(() => console.log('the stream was let go'))
    for (let count = 1; !stream.aborted; count += 1) {
      await stream.writeSSE({ data: `tick ${count}` })
      await stream.sleep(20)
    }
  }),
)

app.get('/error', () => {
  throw new Error('the secret of hono')
})

export default app
