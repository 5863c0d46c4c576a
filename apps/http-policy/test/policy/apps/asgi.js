import { answer } from './core.js'

export default async (scope, receive, send) => {
  if (scope.type !== 'http') return
  const { method, rawPath, queryString } = scope
  const target = queryString === '' ? rawPath : `${rawPath}?${queryString}`
  let body = ''
  for (let more = rawPath !== '/early'; more; ) {
    const event = await receive()
    if (event.type !== 'http.request') return
    body += Buffer.from(event.body).toString('latin1')
    more = event.moreBody
  }
  const names = [...scope.headers].map(([name]) => name)
  const [address, port] = scope.client
  const { status, fields, parts } = await answer({ method, target, body, port, address, names })
  await send({ type: 'http.response.start', status, headers: fields })
  for (const part of parts.slice(0, -1))
    await send({ type: 'http.response.body', body: part, moreBody: true })
  await send({ type: 'http.response.body', body: parts.at(-1) })
}
