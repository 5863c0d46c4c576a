import { text } from 'node:stream/consumers'
import { answer } from './core.js'

export default async (req, res) => {
  const { method, url: target, socket } = req
  const { remoteAddress: address, remotePort: port } = socket
  // An app that does not wait for the body of a request that it takes its time for.
  const body = target === '/early' ? '' : await text(req)
  // However an app reads them.
  const all = [req.headers, req.headersDistinct, req.trailers].flatMap(some => Object.keys(some))
  const raw = [...req.rawHeaders, ...req.rawTrailers].filter((_, index) => index % 2 === 0)
  const names = [...all, ...raw.map(name => name.toLowerCase())]
  const { status, fields, parts } = await answer({ method, target, body, port, address, names })
  const [first, ...others] = parts
  if (new URL(target, 'http://h').searchParams.has('set')) {
    res.statusCode = status
    for (const [name, value] of fields) res.setHeader(name, value)
  } else res.writeHead(status, fields.flat())
  if (others.length === 0) return void res.end(first)
  res.write(first)
  for (const part of others.slice(0, -1)) res.write(part)
  res.end(others.at(-1))
}
