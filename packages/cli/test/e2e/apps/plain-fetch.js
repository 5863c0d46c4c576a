import { ticks } from './ticks.js'

export default {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    switch (`${request.method} ${pathname}`) {
      case 'HEAD /':
      case 'GET /':
        return new Response('hello from plain-fetch')
      case 'POST /echo':
        return Response.json({ received: await request.json() })
      case 'POST /stream':
        return new Response(request.body)
      case 'GET /events':
        return new Response(ReadableStream.from(ticks()).pipeThrough(new TextEncoderStream()), {
          headers: { 'content-type': 'text/event-stream' },
        })
      case 'GET /error':
        throw new Error('the secret of plain-fetch')
      default:
        return new Response(null, { status: 404 })
    }
  },
}
