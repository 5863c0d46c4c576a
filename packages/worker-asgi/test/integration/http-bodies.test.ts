import { expect } from 'vitest'
import { echo, http, readBody, respond } from '../support/apps.js'
import { get, post } from '../support/requests.js'
import { describeRows } from '../support/rows.js'

describeRows('HTTP: bodies of requests', [
  {
    given: 'an app that answers without receiving',
    when: 'a part of the body comes later than the answer',
    expects: 'the rest is thrown away and the connection can be used',
    app: () => respond(200, [], 'early'),
    also: async ({ connect }) => {
      const client = await connect()
      client.send(`${get('/', ['Content-Length: 18'], 'POST')}{"hello"`)
      await client.until(/\r\n\r\nearly$/s)
      client.send(`: "world"}${get()}`)
      await client.until(/early.*\r\n\r\nearly$/s)
    },
  },
  {
    given: 'an app that answers when it has received the first part',
    when: 'a megabyte follows',
    expects: 'the rest is thrown away and the connection can be used',
    app: () =>
      http(async (_scope, receive, send) => {
        await receive()
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.body', body: 'early' })
      }),
    also: async ({ connect }) => {
      const client = await connect()
      client.send(`${get('/', ['Content-Length: 1000000'], 'POST')}first`)
      await client.until(/\r\n\r\nearly$/s)
      client.send('x'.repeat(1_000_000 - 5) + get())
      await client.until(/early.*\r\n\r\nearly$/s)
    },
  },
  {
    given: 'an app that receives the body',
    when: 'it comes in chunks with extensions and trailers',
    expects: 'nothing of them is seen',
    app: echo,
    sends: `${get('/', ['Transfer-Encoding: chunked'], 'POST')}3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n`,
    receives: /\r\n\r\nBody: abcde$/s,
    connection: 'open',
  },
  {
    given: 'any app',
    when: 'a request has a length and chunks',
    expects: '400, and the connection is closed',
    app: echo,
    sends: `${get('/', ['Content-Length: 3', 'Transfer-Encoding: chunked'], 'POST')}0\r\n\r\n`,
    receives: /^HTTP\/1\.1 400 /,
    connection: 'closed',
  },
  {
    given: 'an app that receives the body',
    when: 'the client waits for 100 Continue',
    expects: '100, then the response',
    app: echo,
    also: async ({ connect }) => {
      const client = await connect()
      client.send(get('/', ['Content-Length: 4', 'Expect: 100-continue'], 'POST'))
      await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
      client.send('body')
      await client.until(/100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n.*\r\n\r\nBody: body$/s)
    },
  },
  {
    given: 'an app that never receives',
    when: 'the client waits for 100 Continue',
    expects: 'only the final response, and the connection is closed',
    app: () => respond(204, []),
    sends: get('/', ['Content-Length: 4', 'Expect: 100-continue'], 'POST'),
    receives: /^HTTP\/1\.1 204 .*connection: close\r\n/is,
    never: /100 Continue/,
    connection: 'closed',
  },
  {
    given: 'a limit for request bodies',
    when: 'a body is longer',
    expects: '413, and no complete body for the app',
    app: echo,
    options: { limitRequestBody: 10 },
    sends: post('x'.repeat(11)),
    receives: /^HTTP\/1\.1 413 /,
    never: /Body:/,
    connection: 'closed',
  },
  {
    given: 'an app that notes the parts of a body',
    when: 'a long body comes while it does not receive',
    expects: 'it is read in few parts, little ahead of the app, and complete',
    app: probe =>
      http(async (_scope, receive, send) => {
        await receive()
        const rest = await readBody(receive)
        probe.note(rest.length)
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.body', body: 'read' })
      }),
    also: async ({ connect, probe }) => {
      const client = await connect()
      client.send(`${get('/', ['Content-Length: 3000001'], 'POST')}1`)
      client.send('x'.repeat(3_000_000))
      await client.until(/read$/)
      const [length] = await probe.noted(1)
      expect(length).toBeGreaterThan(2_900_000)
    },
  },
])
