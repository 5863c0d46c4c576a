import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import Koa from 'koa'
import { ticks } from './ticks.js'

const app = new Koa()

// Koa prints the errors of handlers unless somebody listens.
app.on('error', error => console.log(`koa: ${error.message}`))

app.use(async (ctx, next) => {
  ctx.set('x-middleware', 'before')
  await next()
})

app.use(async ctx => {
  switch (`${ctx.method} ${ctx.path}`) {
    case 'GET /':
      ctx.body = 'hello from koa'
      return
    case 'POST /echo':
      ctx.body = { received: await json(ctx.req) }
      return
    case 'POST /stream':
      ctx.type = 'application/octet-stream'
      ctx.body = ctx.req
      return
    case 'GET /events':
      ctx.type = 'text/event-stream'
      ctx.body = Readable.from(ticks())
      return
    case 'GET /error':
      throw new Error('the secret of koa')
  }
})

export default app
