import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

async function main() {
  // Something that takes a while, such as a database.
  await new Promise(resolve => setTimeout(resolve, 300))
  const server = createServer(async (req, res) => {
    if (req.url === '/echo')
      res.setHeader('content-type', 'application/json').end(JSON.stringify({ received: await json(req) }))
    else res.end('hello from plain')
  })
  server.listen(process.env.APP_PORT, 'localhost', () =>
    console.log('app at', JSON.stringify(server.address()), 'listening:', server.listening),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) void main()
