/** What operators see of requests that never reach the app. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { RawClient } from '@tunicorn/harness/vitest'
import { expect, test } from 'vitest'
import { startApp } from '../support/start-service.js'

/** Answers when it has the whole request. */
const app = {
  kind: 'node',
  value: (req: IncomingMessage, res: ServerResponse) => void req.resume().on('end', () => res.end('served')),
} as const
const long = `X: ${'a'.repeat(70_000)}`

/** What is sent, the reason, the limit, and what is accounted for. */
const rows: readonly (readonly [string, string, string | undefined, readonly string[]])[] = [
  ['GET /a HTTP/1.1\r\n\r\n', 'host', undefined, ['GET /a 400']],
  ['GET /a HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n', 'body', 'limitRequestBody', ['GET /a 413']],
  [
    'POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n',
    'body',
    'limitRequestBody',
    ['POST /a 413'],
  ],
  ['CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n', 'upgrade', undefined, ['CONNECT h:1 501']],
  ['nonsense\r\n\r\n', 'malformed', undefined, ['- - 400']],
  [`GET / HTTP/1.1\r\nHost: h\r\n${long}\r\n\r\n`, 'head', 'limitRequestHead', ['- - 431']],
  ['GET /a HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n', 'malformed', undefined, ['GET /a 200', '- - 400']],
]

test.each(rows)(
  '%#: is counted, in the log and accounted for once',
  async (sends, reason, limit, accounted) => {
    const { context, port } = await startApp(app, { settings: { limitRequestBody: 10 } })
    const client = await RawClient.connect(port)
    client.send(sends)
    await client.until(/HTTP\/1\.1 [45]\d\d .*\r\n\r\n/s)
    const seen = await Promise.all(
      accounted.map(async (_, index) => {
        const request = await context.request(index)
        const { status } = await request.outcome()
        return `${request.head.method} ${request.head.target} ${status}`
      }),
    )
    expect(seen).toEqual(accounted)
    expect(context.requests).toHaveLength(accounted.length)
    expect(context.refusals).toEqual([reason])
    const [line, ...others] = context.logged('info')
    expect(others).toEqual([])
    expect(line?.fields).toMatchObject({ reason, peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/) })
    expect(line?.fields.limit).toBe(limit)
  },
)

test('a client that leaves between two requests is no refusal', async () => {
  const { context, port } = await startApp(app)
  const client = await RawClient.connect(port)
  client.send('GET /a HTTP/1.1\r\nHost: h\r\n\r\n')
  await client.until(/served/)
  client.socket.resetAndDestroy()
  await (await context.request(0)).outcome()
  const other = await RawClient.connect(port)
  other.send('GET /b HTTP/1.1\r\nHost: h\r\n\r\n')
  await other.until(/served/)
  expect(context.refusals).toEqual([])
})
