import express from 'express'

const app = express()
app.set('trust proxy', ['loopback', '10.0.0.0/8'])
app.get('/', (req, res) => res.json({ scheme: req.protocol, client: req.ip }))

export default app
