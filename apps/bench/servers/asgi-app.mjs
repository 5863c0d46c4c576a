/** The same answer from an app of kind `asgi`. */
const headers = [
  ['content-type', 'text/plain'],
  ['content-length', '13'],
]

export default async (scope, _receive, send) => {
  if (scope.type !== 'http') throw new TypeError(`No app for ${scope.type}`)
  await send({ type: 'http.response.start', status: 200, headers })
  await send({ type: 'http.response.body', body: 'Hello, world\n' })
}
