import Fastify from 'fastify'

const app = Fastify()
app.get('/', () => 'hello from fastify')
app.post('/echo', request => ({ received: request.body }))
app.addHook('onClose', async () => console.log('fastify was closed'))
await app.listen({ port: Number(process.env.APP_PORT), host: 'localhost' })
console.log('app at', JSON.stringify(app.server.address()), 'listening:', app.server.listening)
