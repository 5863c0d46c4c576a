import { createEventStream, H3 } from 'h3'

const app = new H3()

app.get('/', () => 'hello from h3')

app.post('/echo', async event => ({ received: await event.req.json() }))

app.post(
  '/stream',
  event => new Response(event.req.body, { headers: { 'content-type': 'application/octet-stream' } }),
)

app.get('/events', event => {
  const stream = createEventStream(event)
  let count = 0
  const timer = setInterval(() => {
    count += 1
    void stream.push(`tick ${count}`)
  }, 20)
  stream.onClosed(() => {
    clearInterval(timer)
    console.log('the stream was let go')
  })
  return stream.send()
})

app.get('/error', () => {
  throw new Error('the secret of h3')
})

export default app
