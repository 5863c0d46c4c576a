/** Bare `node:http` and bare `ws` with the paths of `asgi-app.mjs`. Says where it listens in the words of Tunicorn's log. */
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import hello from './node-app.mjs'

const server = createServer((req, res) => {
  if (req.url === '/echo') {
    res.writeHead(200, { 'content-type': 'application/octet-stream' })
    return req.pipe(res)
  }
  if (req.url === '/io') return setTimeout(() => hello(req, res), 10)
  hello(req, res)
})
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', socket => {
  socket.on('message', (message, isBinary) => socket.send(message, { binary: isBinary }))
})
server.listen(0, '127.0.0.1', 2048, () => {
  console.log(`Listening at: http://127.0.0.1:${server.address().port} (${process.pid})`)
})
