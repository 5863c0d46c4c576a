const { createServer } = require('node:http')

const app = (_req, res) => res.end('hello from the export')
createServer(app).listen(process.env.APP_PORT, () => console.log('listens'))
module.exports = app
