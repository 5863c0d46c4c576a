import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import multipart from '@fastify/multipart'
import serveStatic from '@fastify/static'
import Fastify from 'fastify'

const app = Fastify()
await app.register(multipart)
await app.register(serveStatic, { root: fileURLToPath(new URL('public', import.meta.url)) })

app.get('/json', async () => ({ hello: 'world' }))
app.post('/echo', async request => request.body)
app.post('/upload', async request => {
  const file = await request.file()
  return { name: file.filename, size: (await file.toBuffer()).length }
})
app.get('/stream', (request, reply) => {
  reply.type('text/plain')
  const parts = async function* parts() {
    yield 'first\n'
    await pause(200)
    yield 'last\n'
  }
  return reply.send(Readable.from(parts(), { objectMode: false }))
})
app.addHook('onClose', async () => {
  await pause(2000)
  console.log('closed by the app')
})

await app.listen({ port: 3000 })
