import { Readable } from 'node:stream'
import Fastify from 'fastify'
import { ticks } from '../ticks.js'

const fastify = Fastify()

fastify.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload))

fastify.decorate('counter', { ready: 0 })

fastify.addHook('onReady', async () => {
  fastify.counter.ready += 1
})

fastify.addHook('onClose', async () => {
  console.log('fastify was closed')
})

fastify.addHook('onRequest', async (request, reply) => {
  reply.header('x-hook', `onRequest ${request.method}`)
})

fastify.get('/', async (_request, reply) => reply.type('text/plain').send('hello from fastify'))

fastify.get('/ready', async () => fastify.counter)

fastify.post('/echo', async request => ({ received: request.body }))

const body = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } }

fastify.post('/validated', { schema: { body } }, async request => ({ name: request.body.name }))

fastify.post('/stream', (request, reply) => reply.type('application/octet-stream').send(request.body))

fastify.get('/events', (_request, reply) => reply.type('text/event-stream').send(Readable.from(ticks())))

fastify.get('/error', async () => {
  throw new Error('the secret of fastify')
})

export default fastify
