import { createServer } from 'node:http'
import { Server } from 'socket.io'

const server = createServer((_req, res) => res.end('hello from socket.io'))
const io = new Server(server)

io.on('connection', socket => {
  socket.emit('welcome', { transport: socket.conn.transport.name })
  socket.on('shout', (text, acknowledge) => acknowledge(text.toUpperCase()))
})

export default server
