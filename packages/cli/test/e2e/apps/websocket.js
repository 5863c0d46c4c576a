import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

const server = createServer((_req, res) => res.end('hello from websocket'))
const sockets = new WebSocketServer({ server, path: '/chat' })

sockets.on('connection', socket => {
  socket.send(`hello from process ${process.pid}`)
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
})

server.on('close', () => console.log('the server was closed'))

export default server
