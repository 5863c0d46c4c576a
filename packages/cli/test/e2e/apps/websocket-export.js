import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

const server = createServer((_req, res) => res.end('hello'))
const sockets = new WebSocketServer({ server, path: '/chat' })
sockets.on('connection', socket => socket.send('welcome'))
server.on('close', () => {
  for (const socket of sockets.clients) socket.close(1012)
})

export default server
