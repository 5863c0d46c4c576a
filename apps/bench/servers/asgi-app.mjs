/**
 * The bare servers' answers from an app of kind `asgi`: `/` says hello, `/echo` sends the body back, `/io` waits 10 ms, and a
 * WebSocket gets its messages back.
 */
import { setTimeout as wait } from 'node:timers/promises'

const headers = [
  ['content-type', 'text/plain'],
  ['content-length', '13'],
]

export default async (scope, receive, send) => {
  if (scope.type === 'websocket') return echoMessages(receive, send)
  if (scope.type !== 'http') throw new TypeError(`No app for ${scope.type}`)
  if (scope.path === '/echo') return echoBody(receive, send)
  if (scope.path === '/io') await wait(10)
  await send({ type: 'http.response.start', status: 200, headers })
  await send({ type: 'http.response.body', body: 'Hello, world\n' })
}

async function echoBody(receive, send) {
  await send({
    type: 'http.response.start',
    status: 200,
    headers: [['content-type', 'application/octet-stream']],
  })
  for (;;) {
    const { type, body, moreBody: hasMore } = await receive()
    if (type === 'http.disconnect') return
    await send({ type: 'http.response.body', body, moreBody: hasMore })
    if (!hasMore) return
  }
}

async function echoMessages(receive, send) {
  await receive()
  await send({ type: 'websocket.accept' })
  for (;;) {
    const { type, text } = await receive()
    if (type === 'websocket.disconnect') return
    await send({ type: 'websocket.send', text })
  }
}
