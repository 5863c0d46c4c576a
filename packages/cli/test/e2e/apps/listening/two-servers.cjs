const { createServer } = require('node:http')

createServer((_req, res) => res.end('the app')).listen(process.env.APP_PORT)
const metrics = createServer((_req, res) => res.end('the metrics'))
metrics.listen(process.env.METRICS_PORT, '127.0.0.1')
