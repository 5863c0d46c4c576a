const { createServer } = require('node:http')

const server = createServer((req, res) => {
  if (req.url === '/close') server.close(() => console.log('closed for good, listening:', server.listening))
  res.end(`pid ${process.pid}`)
})
server.listen(process.env.APP_PORT)
