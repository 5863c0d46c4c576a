import { pipeline } from 'node:stream'
import { json } from 'node:stream/consumers'
import { ticks } from './ticks.js'

export default async function handler(req, res) {
  switch (`${req.method} ${req.url}`) {
    case 'HEAD /':
    case 'GET /':
      return res.setHeader('content-length', 24).end('hello from plain-handler')
    case 'POST /echo': {
      const received = await json(req)
      return res.setHeader('content-type', 'application/json').end(JSON.stringify({ received }))
    }
    case 'POST /stream':
      return req.pipe(res)
    case 'GET /events':
      return pipeline(ticks(), res.setHeader('content-type', 'text/event-stream'), () => {})
    case 'GET /error':
      throw new Error('the secret of plain-handler')
    default:
      return res.writeHead(404).end()
  }
}
