import { text } from 'node:stream/consumers'
import { begin, take } from './core.js'

export default async (req, res) => {
  if (req.url === '/take') return void res.end(take())
  const { whole, fields } = begin(req.method, req.url, req.headers['x-m'])
  req.setEncoding('latin1')
  whole(await text(req))
  res.writeHead(200, fields).end()
}
