import { answer } from './core.js'

export default {
  async fetch(request) {
    const { req } = request.runtime.node
    const body = req.url === '/early' ? '' : await request.text()
    const { status, fields, parts } = await answer({
      method: req.method,
      target: req.url,
      body,
      port: req.socket.remotePort,
      address: req.socket.remoteAddress,
      names: request.headers.keys(),
    })
    const bytes = parts.length < 2 ? parts[0] : new Blob(parts).stream()
    return new Response(bytes, { status, headers: fields })
  },
}
