/** Apps of each kind for streams of HTTP/2: what they see of a request, and responses of every shape. */
const big = 'x'.repeat(1_000_000)

export const node = async (req, res) => {
  const { pathname } = new URL(req.url, 'http://localhost')
  if (pathname === '/echo') return void req.pipe(res)
  if (pathname === '/big') return void res.end(big)
  if (pathname === '/parts') {
    for (const part of ['a', 'b', 'c']) {
      res.write(part)
      await new Promise(resolve => setImmediate(resolve))
    }
    return void res.end()
  }
  if (pathname === '/hints') {
    res.writeEarlyHints({ link: '</a.css>; rel=preload' })
    return void res.end('hinted')
  }
  if (pathname === '/trailers') {
    res.setHeader('trailer', 'x-sum')
    res.write('body')
    res.addTrailers({ 'x-sum': '4' })
    return void res.end()
  }
  if (pathname === '/throw') throw new Error('It broke')
  if (pathname === '/break') {
    res.write('half')
    return void setImmediate(() => res.destroy(new Error('It broke')))
  }
  if (pathname === '/hold') return void req.socket.once('close', () => console.log('HOLD CLOSED'))
  if (pathname === '/slow') return void setTimeout(() => res.end('slow'), 1_500)
  if (pathname === '/connection') {
    res.setHeader('set-cookie', ['a=1', 'b=2'])
    res.setHeader('connection', 'close')
    res.setHeader('keep-alive', 'timeout=5')
    return void res.end('x')
  }
  const { httpVersion, method, url, headers, socket } = req
  const { encrypted, remoteAddress, remotePort } = socket
  const seen = { pid: process.pid, httpVersion, method, url, headers, encrypted, remoteAddress, remotePort }
  let body = ''
  for await (const chunk of req) body += chunk
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify({ ...seen, body, trailers: req.trailers }))
}

export default {
  async fetch(request) {
    const { method, url, headers } = request
    const body = await request.text()
    return Response.json({ pid: process.pid, method, url, headers: Object.fromEntries(headers), body })
  },
}

export async function asgi(scope, receive, send) {
  if (scope.type !== 'http') throw new Error(`No ${scope.type} here`)
  let body = ''
  for (let event; event?.moreBody !== false; ) {
    event = await receive()
    body += Buffer.from(event.body ?? '').toString()
    event = { moreBody: event.moreBody === true }
    if (!event.moreBody) break
  }
  const { httpVersion, scheme, method, path } = scope
  const seen = { pid: process.pid, httpVersion, scheme, method, path, host: scope.headers.get('host'), body }
  const hasTrailers = path === '/trailers'
  await send({ type: 'http.response.start', status: 200, headers: [], trailers: hasTrailers })
  await send({ type: 'http.response.body', body: JSON.stringify(seen) })
  if (hasTrailers) await send({ type: 'http.response.trailers', headers: [['x-sum', '4']] })
}
