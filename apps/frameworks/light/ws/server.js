import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

const server = createServer((req, res) => {
  if (req.url === '/hello.txt')
    return createReadStream(new URL('public/hello.txt', import.meta.url)).pipe(res)
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify({ hello: 'world' }))
})
const sockets = new WebSocketServer({ server })
sockets.on('connection', socket => {
  socket.on('message', data => socket.send(`echo: ${data}`))
})

process.on('SIGTERM', () => {
  for (const socket of sockets.clients) socket.close(1012)
  server.close(() => console.log('closed by the app'))
})

server.listen(3000)
