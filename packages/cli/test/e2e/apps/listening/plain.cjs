const { createServer } = require('node:http')
const { json } = require('node:stream/consumers')

// As in many a file that is a library too.
if (require.main === module) main()

function main() {
  const server = createServer(async (req, res) => {
    if (req.url === '/echo')
      return res
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ received: await json(req) }))
    res.end('hello from plain')
  })
  server.listen(process.env.APP_PORT, () =>
    console.log('app at', JSON.stringify(server.address()), 'listening:', server.listening),
  )
}
