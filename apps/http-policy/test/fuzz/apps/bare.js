/**
 * `node:http` as it comes, which says what it takes for a request. What the parser says counts, not what an app could still read
 * when the connection ended at once.
 */
import { createServer } from 'node:http'
import { begin, take } from './core.js'

const server = createServer((req, res) => {
  if (req.url === '/take') return void res.end(take())
  const { whole, fields } = begin(req.method, req.url, req.headers['x-m'])
  const push = req.push.bind(req)
  let body = ''
  req.push = (chunk, encoding) => {
    if (chunk === null) {
      if (req.complete) whole(body)
    } else body += chunk.toString('latin1')
    return push(chunk, encoding)
  }
  req.on('error', () => {})
  req.on('end', () => res.writeHead(200, fields).end())
  req.resume()
})
server.listen(process.argv[2], () => console.log('serves'))
