import { createServer } from 'node:http'
import { Server } from 'socket.io'

const server = createServer((_req, res) => {
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify({ hello: 'world' }))
})
const io = new Server(server, { transports: ['websocket'] })
io.on('connection', socket => {
  socket.on('echo', (text, answer) => answer(`echo: ${text}`))
})

process.on('SIGTERM', () => {
  io.close(() => console.log('closed by the app'))
})

server.listen(3000)
