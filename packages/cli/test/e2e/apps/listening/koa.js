import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import Koa from 'koa'

const app = new Koa()
app.use(async context => {
  if (context.path === '/echo') context.body = { received: await json(context.req) }
  else context.body = 'hello from koa'
})
const server = createServer(app.callback())
server.on('listening', () =>
  console.log('app at', JSON.stringify(server.address()), 'listening:', server.listening),
)
server.listen({ port: process.env.APP_PORT, host: '127.0.0.1' })
