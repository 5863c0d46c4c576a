import Fastify from 'fastify'

const app = Fastify()
app.get('/', () => 'hello from fastify')
// From then on it answers 503.
process.on('SIGTERM', () => app.close())
await app.listen({ port: Number(process.env.APP_PORT) })
