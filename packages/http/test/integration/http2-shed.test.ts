/** What a worker with more than its share of connections gives to others, when they are of HTTP/2. */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:http2'
import { LocalListener } from '@tunicorn/arbiter/worker'
import { expect, onTestFinished, test } from 'vitest'
import { startService } from '../support/start-service.js'

class PlainHttp2Listener extends LocalListener {
  readonly isHttp2 = true
}

test('a connection with streams goes first, once they are finished, and the others go on', async () => {
  const held: ServerResponse[] = []
  const { service, url } = await startService(
    (req, res) => {
      if (req.url === '/hold') held.push(res)
      else res.end('done')
    },
    { settings: { http2: 'on' }, listeners: [new PlainHttp2Listener()] },
  )
  const [idle, busy, other] = [connect(url), connect(url), connect(url)]
  onTestFinished(() => {
    for (const session of [idle, busy, other]) session.destroy()
  })
  const ask = async (session: typeof busy, path: string): Promise<number> => {
    const [headers] = await once(session.request({ ':path': path }).resume(), 'response')
    return headers[':status']
  }
  for (const session of [idle, busy, other]) expect(await ask(session, '/')).toBe(200)
  const answer = ask(busy, '/hold')
  await expect.poll(() => held.length).toBe(1)
  const told = Promise.race([idle, busy, other].map(each => once(each, 'goaway').then(() => each)))
  service.shed(1)
  // The one that was chosen is still open: it counts.
  service.shed(1)
  expect((await told) === busy).toBe(true)
  const closed = once(busy, 'close')
  held[0]?.end('done')
  expect(await answer).toBe(200)
  await closed
  for (const session of [idle, other]) expect(await ask(session, '/')).toBe(200)
})
