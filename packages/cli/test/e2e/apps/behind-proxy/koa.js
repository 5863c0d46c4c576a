import Koa from 'koa'

const app = new Koa()
app.proxy = true
app.maxIpsCount = 2
app.use(ctx => {
  ctx.body = { scheme: ctx.protocol, client: ctx.ip }
})

export default app
