import { begin, take } from './core.js'

const bodyless = new Set(['GET', 'HEAD', 'TRACE'])

export default {
  async fetch(request) {
    const { req } = request.runtime.node
    if (req.url === '/take') return new Response(take())
    const { whole, fields } = begin(req.method, req.url, req.headers['x-m'])
    // The Fetch standard knows no body of these, so they are answered before it has come.
    if (!bodyless.has(req.method)) whole(Buffer.from(await request.arrayBuffer()).toString('latin1'))
    return new Response(null, { status: 200, headers: fields })
  },
}
