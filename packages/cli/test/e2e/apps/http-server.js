import { createServer } from 'node:http'
import { pipeline } from 'node:stream'
import { json } from 'node:stream/consumers'
import { ticks } from './ticks.js'

const server = createServer()

server.on('request', async (req, res) => {
  switch (`${req.method} ${req.url}`) {
    case 'GET /':
      return res.end('hello from http-server')
    case 'POST /echo': {
      const received = await json(req)
      return res.setHeader('content-type', 'application/json').end(JSON.stringify({ received }))
    }
    case 'POST /stream':
      return req.pipe(res)
    case 'GET /events':
      return pipeline(ticks(), res.setHeader('content-type', 'text/event-stream'), () => {})
    case 'GET /error':
      throw new Error('the secret of http-server')
    default:
      return res.writeHead(404).end()
  }
})

server.on('checkContinue', (req, res) => {
  if (Number(req.headers['content-length']) > 1_000) return res.writeHead(413).end()
  res.writeContinue()
  server.emit('request', req, res)
})

export default server
