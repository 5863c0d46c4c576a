import { createServer } from 'node:http'

/** `/wait` never answers. An upgrade gets a few bytes and the end. */
export default createServer((_req, res) => res.writeProcessing()).on('upgrade', (_req, socket) => {
  socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: raw\r\n\r\nbye')
})
