import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { ticks } from '../ticks.js'

const app = express()

app.use('/static', express.static(fileURLToPath(new URL('public', import.meta.url))))

app.get('/', (_req, res) => res.type('text').send('hello from express'))

app.post('/echo', express.json(), (req, res) => {
  res.json({ received: req.body })
})

app.post('/upload', express.raw({ type: 'application/octet-stream', limit: '20mb' }), (req, res) => {
  res.json({ bytes: req.body.length, sha256: createHash('sha256').update(req.body).digest('hex') })
})

app.post('/stream', (req, res) => {
  req.pipe(res.type('application/octet-stream'))
})

app.get('/events', (_req, res) => {
  pipeline(ticks(), res.type('text/event-stream'), () => {})
})

app.get('/error', async () => {
  throw new Error('the secret of express')
})

app.use((error, _req, res, _next) => {
  res.status(error.status ?? 500).json({ handled: error.message })
})

export default app
