require('node:https')
  .createServer({}, (_req, res) => res.end('secret'))
  .listen(process.env.APP_PORT)
