/** Answers with the ids that came. */
export default async (scope, _receive, send) => {
  if (scope.type !== 'http') throw new Error('only requests')
  if (scope.path === '/fail') throw new Error('it fails')
  const raw = scope.headers.getAll('x-request-id')
  await send({ type: 'http.response.start', status: 200, headers: [['content-type', 'application/json']] })
  await send({
    type: 'http.response.body',
    body: JSON.stringify({ raw, id: scope.headers.get('X-Request-Id') }),
  })
}
