/** The room as server-sent events, for a client that only listens: `curl -N http://127.0.0.1:8000/live/stream`. */
import type { Handler } from '@tunicorn/worker-asgi'
import { Outbox } from './outbox.js'
import type { Room } from './room.js'

export function stream(room: Room): Handler<'http'> {
  return async (scope, _receive, send) => {
    const headers: [string, string][] = [
      ['content-type', 'text/event-stream'],
      ['cache-control', 'no-store'],
    ]
    await send({ type: 'http.response.start', status: 200, headers })
    const outbox = new Outbox(body => send({ type: 'http.response.body', body, moreBody: true }))
    const leave = room.enter(message => outbox.put(`data: ${JSON.stringify(message)}\n\n`))
    const server = scope.extensions.server
    // An endless response would hold up a deploy, so it ends when the worker has to stop. The client then reconnects.
    if (server) await aborted(AbortSignal.any([server.signal, server.draining]))
    leave()
    if (!server?.signal.aborted) await send({ type: 'http.response.body' })
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
