const { createServer } = require('node:http')
const { WebSocketServer } = require('ws')

let slow
const server = createServer((req, res) => {
  if (req.url === '/slow') slow = res
  else res.end('hello')
})
const sockets = new WebSocketServer({ server, path: '/chat' })
sockets.on('connection', socket => socket.send('welcome'))
server.on('close', () => {
  console.log('close')
  for (const socket of sockets.clients) socket.close(1012)
})

// As telemetry is flushed: what is left is sent, and then the process is ended.
process.on('SIGTERM', signal => {
  console.log(`signal ${signal}`)
  setTimeout(() => {
    console.log('flushed')
    process.exit(0)
    slow?.end('whole')
  }, 300)
})
process.on('beforeExit', () => {
  console.log('beforeExit')
  setTimeout(() => console.log('what that began is done'), 200)
})
server.listen(process.env.APP_PORT)
