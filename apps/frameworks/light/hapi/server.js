import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import Hapi from '@hapi/hapi'
import Inert from '@hapi/inert'

const server = Hapi.server({ port: 3000, host: 'localhost' })
await server.register(Inert)

server.route([
  { method: 'GET', path: '/json', handler: () => ({ hello: 'world' }) },
  { method: 'POST', path: '/echo', handler: request => request.payload },
  {
    method: 'POST',
    path: '/upload',
    options: { payload: { multipart: { output: 'annotated' }, maxBytes: 10_000_000 } },
    handler: ({ payload: { file } }) => ({ name: file.filename, size: file.payload.length }),
  },
  {
    method: 'GET',
    path: '/stream',
    handler: (_request, h) => {
      const body = new PassThrough()
      body.write('first\n')
      setTimeout(() => body.end('last\n'), 200)
      return h.response(body).type('text/plain')
    },
  },
  {
    method: 'GET',
    path: '/{path*}',
    handler: { directory: { path: fileURLToPath(new URL('public', import.meta.url)) } },
  },
])
server.ext('onPostStop', () => console.log('closed by the app'))

process.on('SIGTERM', () => server.stop())
await server.start()
