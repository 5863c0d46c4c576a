/** A chat over several workers. */
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { TunicornAdapter } from './tunicorn-adapter.mjs'

const server = createServer((_request, response) => response.end('chat\n'))
const io = new Server(server, { adapter: TunicornAdapter })

io.on('connection', socket => {
  socket.join('lobby')
  socket.emit('welcome', process.pid)
  socket.on('say', text => io.to('lobby').emit('said', text))
})

// Clients hear of it at once, and come back to the next worker by themselves.
process.on('SIGTERM', () => io.close())

server.listen(8000)
