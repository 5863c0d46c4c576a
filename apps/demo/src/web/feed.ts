/** `GET /api/feed`: the control API's events for the page, as server-sent events. */
import { addAbortListener } from 'node:events'
import { type Route, sendProblem } from './route.js'
import type { Watch } from './watch.js'

/** The most pages that one worker feeds. */
const maxFeeds = 50
/** A page that does not read is cut. It reconnects by itself. */
const maxBufferedBytes = 1024 * 1024

export function feed(watch: Watch): Route {
  let feeds = 0
  return (_request, response) => {
    if (feeds >= maxFeeds) return sendProblem(response, 503, 'Too many pages are open')
    feeds += 1
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write('retry: 500\n\n')
    const unlisten = watch.listen(event => {
      if (response.writableEnded) return
      if (response.writableLength > maxBufferedBytes) response.destroy()
      else response.write(`data: ${JSON.stringify(event)}\n\n`)
    })
    // A request on an open connection may reach a worker that is already draining. Then the response ends at once.
    const leaving = addAbortListener(watch.draining, () => response.end())
    response.once('close', () => {
      feeds -= 1
      unlisten()
      leaving[Symbol.dispose]()
    })
  }
}
