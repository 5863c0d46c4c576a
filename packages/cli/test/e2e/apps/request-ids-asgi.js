/** Answers with the ids that came. A WebSocket is accepted, but for `/denied` and `/refused`. */
export default async (scope, _receive, send) => {
  if (scope.type === 'websocket') return handshake(scope, send)
  if (scope.type !== 'http') throw new Error('only requests')
  if (scope.path === '/fail') throw new Error('it fails')
  const raw = scope.headers.getAll('x-request-id')
  await send({ type: 'http.response.start', status: 200, headers: [['content-type', 'application/json']] })
  await send({
    type: 'http.response.body',
    body: JSON.stringify({ raw, id: scope.headers.get('X-Request-Id') }),
  })
}

async function handshake({ path }, send) {
  if (path === '/denied') {
    await send({ type: 'websocket.http.response.start', status: 401, headers: [] })
    return send({ type: 'websocket.http.response.body', body: 'denied' })
  }
  if (path === '/refused') return send({ type: 'websocket.close' })
  await send({ type: 'websocket.accept' })
  await send({ type: 'websocket.close' })
}
