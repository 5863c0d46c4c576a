import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import multer from '@koa/multer'
import Router from '@koa/router'
import Koa from 'koa'
import bodyParser from 'koa-bodyparser'
import serve from 'koa-static'

const app = new Koa()
const router = new Router()
const upload = multer()

router.get('/json', ctx => {
  ctx.body = { hello: 'world' }
})
router.post('/echo', ctx => {
  ctx.body = ctx.request.body
})
router.post('/upload', upload.single('file'), ctx => {
  ctx.body = { name: ctx.file.originalname, size: ctx.file.size }
})
router.get('/stream', ctx => {
  const body = new PassThrough()
  ctx.type = 'text/plain'
  ctx.body = body
  body.write('first\n')
  setTimeout(() => body.end('last\n'), 200)
})

app.use(serve(fileURLToPath(new URL('public', import.meta.url))))
app.use(bodyParser())
app.use(router.routes())
app.listen(3000)
