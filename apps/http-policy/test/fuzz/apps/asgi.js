import { begin, take } from './core.js'

export default async (scope, receive, send) => {
  if (scope.type !== 'http') return
  const isTake = scope.rawPath === '/take'
  const markers = [...scope.headers].filter(([name]) => name === 'x-m').map(([, value]) => value)
  const noted = isTake ? undefined : begin(scope.method, undefined, markers.join(', '))
  let body = ''
  for (let more = true; more; ) {
    const event = await receive()
    if (event.type !== 'http.request') return
    body += Buffer.from(event.body).toString('latin1')
    more = event.moreBody
  }
  noted?.whole(body)
  const headers = isTake ? [] : Object.entries(noted.fields)
  await send({ type: 'http.response.start', status: 200, headers })
  await send({ type: 'http.response.body', body: isTake ? take() : '' })
}
