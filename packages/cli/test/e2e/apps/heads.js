/** Every way to give fields to a response. */
const fields = { 'content-length': 5, Allow: 'GET' }
const ways = {
  '/object': res => res.writeHead(200, fields),
  '/reason': res => res.writeHead(200, 'Fine', fields),
  '/list': res => res.writeHead(200, Object.entries(fields).flat()),
  '/pairs': res => res.writeHead(200, Object.entries(fields)),
  '/set': res => res.setHeader('content-length', 5).setHeader('Allow', 'GET'),
}

export default (req, res) => ways[req.url](res).end('hello')
