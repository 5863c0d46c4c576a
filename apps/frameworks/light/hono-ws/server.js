import { serve } from '@hono/node-server'
import { createNodeWebSocket } from '@hono/node-ws'
import { Hono } from 'hono'

const app = new Hono()
const { injectWebSocket, upgradeWebSocket, wss } = createNodeWebSocket({ app })
app.get('/json', c => c.json({ hello: 'world' }))
app.get(
  '/',
  upgradeWebSocket(() => ({ onMessage: (event, socket) => socket.send(`echo: ${event.data}`) })),
)

const server = serve({ fetch: app.fetch, port: 3000 })
injectWebSocket(server)

process.on('SIGTERM', () => {
  for (const socket of wss.clients) socket.close(1012)
  server.close(() => console.log('closed by the app'))
})
