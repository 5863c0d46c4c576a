const express = require('express4')
const app = express()
app.get('/', (_req, res) => res.send('hello from express4'))
app.post('/echo', express.json(), (req, res) => res.json({ received: req.body }))
const server = app.listen(process.env.APP_PORT, error => {
  if (error) throw error
  console.log('app at', JSON.stringify(server.address()), 'listening:', server.listening)
})
