/** The group `live`: a room with WebSockets and server-sent events, and the same work as the others. */
import { type App, defineApp, fromFetch, type Scope } from '@tunicorn/worker-asgi'
import { chat } from './live/chat.js'
import { Room } from './live/room.js'
import { stream } from './live/stream.js'
import { doWork } from './work/do-work.js'

const work = fromFetch(doWork)

const room = defineApp({
  async lifespan({ state }, receive, send) {
    await receive() // lifespan.startup
    state.room = new Room()
    await send({ type: 'lifespan.startup.complete' })
    await receive() // lifespan.shutdown: the last connection is gone
    await send({ type: 'lifespan.shutdown.complete' })
  },
  http: (scope, receive, send) => stream(roomOf(scope))(scope, receive, send),
  websocket: (scope, receive, send) => chat(roomOf(scope))(scope, receive, send),
})

const app: App = (scope, receive, send) => {
  const isWork = scope.type === 'http' && scope.path !== '/stream'
  return isWork ? work(scope, receive, send) : room(scope, receive, send)
}

export default app

function roomOf(scope: Exclude<Scope, { type: 'lifespan' }>): Room {
  const room = scope.state?.room
  if (room instanceof Room) return room
  throw new TypeError('The lifespan has left no room: run this app with the option `lifespan: on`')
}
