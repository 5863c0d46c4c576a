import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'

const server = createServer(async (req: IncomingMessage, res: ServerResponse) => {
  if (req.url === '/echo')
    res.setHeader('content-type', 'application/json').end(JSON.stringify({ received: await json(req) }))
  else res.end('hello from plain')
})
server.listen(process.env.APP_PORT, () =>
  console.log('app at', JSON.stringify(server.address()), 'listening:', server.listening),
)
