/** The demo: an ordinary app of kind `fetch`. Nothing in it knows of Tunicorn. */
import { eventStream } from './event-stream.js'
import { page } from './page.js'
import { slow } from './slow.js'
import { describeWorker } from './worker.js'

type Route = (request: Request) => Response | Promise<Response>

const routes: Readonly<Record<string, Route>> = {
  '/': () => new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8' } }),
  '/worker': () => Response.json(describeWorker(), { headers: { 'cache-control': 'no-store' } }),
  '/events': eventStream,
  '/slow': slow,
}

export default {
  async fetch(request: Request): Promise<Response> {
    const route = routes[new URL(request.url).pathname]
    if (route === undefined) return new Response('Not found\n', { status: 404 })
    return await route(request)
  },
}
