import { createServer } from 'node:http'

/** What it answers an upgrade with, by the path. */
const answers = {
  '/chat': 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: chat\r\n\r\nwelcome',
  '/own': 'HTTP/1.1 101 Switching Protocols\r\nX-REQUEST-ID: its-own\r\nupgrade: chat\r\n\r\n',
  '/no': 'HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n',
}

/** Takes upgrades, and reads the body of everything else. */
const server = createServer((req, res) => {
  if (req.url === '/hold') return
  if (req.url === '/kill') process.kill(process.pid, 'SIGKILL')
  if (req.url === '/long') return res.setHeader('content-length', 1).end('longer')
  req.resume().on('end', () => res.end('read'))
})
server.on('upgrade', (req, socket) => {
  const answer = answers[req.url]
  if (answer === undefined) throw new Error('no such path')
  // As bytes, or as text: libraries do either.
  socket.end(req.headers['x-bytes'] === undefined ? answer : Buffer.from(answer))
})
export default server
