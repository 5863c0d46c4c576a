const { createServer: createTcpServer } = require('node:net')
const { createServer } = require('node:http')

const own = createServer((_req, res) => res.end('own'))
own.listen(0, '127.0.0.1', () => console.log('any port', own.address().port !== 0))
const path = `${process.env.SOCKETS}/${process.pid}.sock`
const ipc = createServer((_req, res) => res.end('path'))
ipc.listen(path, () => console.log('path', ipc.address() === path))
const tcp = createTcpServer(socket => socket.end('tcp'))
tcp.listen({ port: 0, host: '127.0.0.1' }, () => console.log('tcp', tcp.address().port !== 0))

createServer((_req, res) => res.end('the app')).listen(process.env.APP_PORT)
