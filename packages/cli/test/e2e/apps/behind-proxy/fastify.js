import fastify from 'fastify'

const app = fastify({ trustProxy: ['127.0.0.1', '10.0.0.0/8'] })
app.get('/', async ({ protocol, ip }) => ({ scheme: protocol, client: ip }))

export default app
