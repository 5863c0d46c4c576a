import { once } from 'node:events'
import { createServer } from 'node:http'
import { portOf, rawExchange } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AppEvents } from '../support/app-events.js'
import { startWorker } from '../support/start-worker.js'

/** The fields whose duplicates Node treats in each of its ways. */
const duplicates = [
  'X-Other: 1',
  'x-other: 2',
  'Cookie: a=1',
  'Cookie: b=2',
  'User-Agent: first',
  'User-Agent: second',
  'Set-Cookie: s=1',
  'Set-Cookie: s=2',
  'Accept: text/html',
  'accept: */*',
]

describe('a request', () => {
  it('reaches the app as it reaches a server of Node, duplicate fields and trailers included', async () => {
    const { port } = await startWorker()
    const bytes = [
      'POST /request?q=%20 HTTP/1.1',
      'Host: example.com',
      ...duplicates,
      'Transfer-Encoding: chunked',
      'Trailer: X-Sum',
      'Connection: close',
      '',
      '5',
      'hello',
      '0',
      'X-Sum: 42',
      '',
      '',
    ].join('\r\n')
    const bare = createServer((req, res) => {
      const { method, url, httpVersion, headers, headersDistinct, rawHeaders } = req
      req.resume().on('end', () => {
        const { trailers, rawTrailers } = req
        const seen = { method, url, httpVersion, headers, headersDistinct, rawHeaders, trailers, rawTrailers }
        res.end(JSON.stringify(seen))
      })
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void bare.close())
    await once(bare, 'listening')
    const bodyOf = async (server: number): Promise<Record<string, unknown>> => {
      const answer = (await rawExchange({ port: server }, bytes)).toString('latin1')
      const body: Record<string, unknown> = JSON.parse(
        answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1),
      )
      return body
    }
    const seen = await bodyOf(port)
    expect(seen).toMatchObject(await bodyOf(portOf(bare)))
    expect(seen).toMatchObject({ body: 'hello', remoteAddress: '127.0.0.1', localPort: port })
  })

  it('keeps the HTTP version of an old client and closes after the answer', async () => {
    const { port } = await startWorker()
    const answer = (await rawExchange({ port }, 'GET /request HTTP/1.0\r\n\r\n')).toString('latin1')
    expect(answer).toContain('"httpVersion":"1.0"')
    expect(answer).toMatch(/^connection: close\r$/im)
  })

  it.each([1, 20_000, 65_536, 65_537, 1_000_000])(
    'carries a body of %i bytes both ways unchanged',
    async size => {
      const { url } = await startWorker()
      const body = Buffer.alloc(size, 'abcdefghijklmnopq')
      const response = await fetch(`${url}/echo`, { method: 'POST', body })
      expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true)
    },
  )

  it('gets its answer before it has sent its whole body, when the app does not wait for it', async () => {
    const { port } = await startWorker()
    const client = await RawClient.connect(port)
    client.socket.write('POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    client.socket.write(`10004\r\n${'x'.repeat(65_536)}ping\r\n`)
    await client.until(/ping/)
    client.socket.write('4\r\npong\r\n0\r\n\r\n')
    await client.until(/pong[\s\S]*\r\n0\r\n\r\n/)
  })

  it('may be larger than an app cares to read: the connection goes on', async () => {
    const { port } = await startWorker()
    const client = await RawClient.connect(port)
    client.socket.write(
      `POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n${'x'.repeat(300_000)}`,
    )
    await client.until(/not read/)
    client.get('/')
    await client.until(/hello from a thread/)
  })

  it('with Expect: 100-continue is asked for its body', async () => {
    const { port } = await startWorker()
    const client = await RawClient.connect(port)
    client.socket.write('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n')
    await client.until(/^HTTP\/1.1 100 Continue\r\n\r\n/)
    client.socket.write('body')
    await client.until(/body\r\n0\r\n/)
  })

  it('for a WebSocket is refused with 501', async () => {
    const { port } = await startWorker()
    const upgrade = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
    expect((await rawExchange({ port }, upgrade)).toString()).toMatch(/^HTTP\/1.1 501 /)
  })
})

describe('a response', () => {
  it('reaches the client unchanged: status, reason, duplicate fields, case and trailers', async () => {
    const { port } = await startWorker()
    const answer = (
      await rawExchange({ port }, 'GET /response HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    ).toString('latin1')
    expect(answer).toMatch(/^HTTP\/1.1 207 Many Things\r\n/)
    expect(answer).toContain('Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Case: kept\r\n')
    expect(answer.match(/^date: /gim)).toHaveLength(1)
    expect(answer).toMatch(/\r\n\r\n4\r\npart\r\n0\r\nX-Sum: 42\r\n\r\n$/)
  })

  it('has the length that Node gives it', async () => {
    const { url } = await startWorker()
    const response = await fetch(url)
    expect(response.headers.get('content-length')).toBe('19')
    expect(await response.text()).toBe('hello from a thread')
  })

  it('to HEAD has the head and nothing else, and the connection goes on', async () => {
    const { port } = await startWorker()
    const client = await RawClient.connect(port)
    client.socket.write('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until(/^HTTP\/1.1 200 OK\r\n[\s\S]*\r\n\r\n$/)
    client.get('/small')
    await client.until(/\r\n\r\nHTTP\/1.1 200 OK\r\n[\s\S]*small and pooled$/)
  })

  it('may be announced with early hints', async () => {
    const { port } = await startWorker()
    const client = await RawClient.connect(port)
    client.get('/hints')
    await client.until(
      /^HTTP\/1.1 103 Early Hints\r\nLink: <\/style.css>; rel=preload\r\n\r\nHTTP\/1.1 200 OK[\s\S]*hinted$/,
    )
  })

  it('streams: the first part comes before the app has ended', async () => {
    const { port } = await startWorker()
    const client = await RawClient.connect(port)
    client.get('/drip?count=20&ms=100')
    await client.until(/drop/)
    expect(client.received.match(/drop/g)?.length).toBeLessThan(20)
    await client.until(/(?:drop[\s\S]*){20}0\r\n\r\n$/)
  })
})

describe('apps of kind fetch', () => {
  it('get the URL, the fields and the body, and their answers arrive', async () => {
    const { url, port } = await startWorker({ app: 'fetch-app.mjs' })
    expect(await (await fetch(`${url}/where?a=1`)).text()).toBe(`fetch http://127.0.0.1:${port}/where?a=1`)
    const json = await fetch(`${url}/json`, { method: 'POST', body: '{"a":[1]}' })
    expect(await json.json()).toEqual({ got: { a: [1] } })
    const cookies = await fetch(`${url}/cookies`)
    expect([cookies.status, cookies.headers.getSetCookie()]).toEqual([204, ['a=1', 'b=2']])
  })

  it.each(['/bytes', '/text', '/blob', '/pass'])('carry bodies both ways: %s', async path => {
    const { url } = await startWorker({ app: 'fetch-app.mjs' })
    for (const size of [1, 60_000, 500_000]) {
      const body = Buffer.alloc(size, 'fetch me')
      const response = await fetch(`${url}${path}`, { method: 'POST', body })
      expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true)
    }
  })

  it('cannot read a body twice, whatever its size', async () => {
    const { url } = await startWorker({ app: 'fetch-app.mjs' })
    for (const length of [4, 60_000, 500_000]) {
      const response = await fetch(`${url}/twice`, { method: 'POST', body: 'o'.repeat(length) })
      expect(await response.json()).toEqual({ length, bodyUsed: true, second: 'TypeError' })
    }
  })

  it('keep the bytes that they read and sent', async () => {
    const events = new AppEvents()
    const { url } = await startWorker({ app: 'fetch-app.mjs' })
    await fetch(`${url}/kept`, { method: 'POST', body: 'o'.repeat(60_000) })
    await events.until('kept 60000')
  })

  it('stream', async () => {
    const { url } = await startWorker({ app: 'fetch-app.mjs' })
    expect(await (await fetch(`${url}/slow-stream`)).text()).toBe('first second')
  })

  it('believe the forwarded headers of trusted peers alone', async () => {
    const forwardedHeaders = ['X-Forwarded-Proto', 'X-Forwarded-Host'] as const
    const trusting = await startWorker({ app: 'fetch-app.mjs', settings: { forwardedHeaders } })
    const strict = await startWorker({
      app: 'fetch-app.mjs',
      settings: { forwardedHeaders, forwardedAllowIps: [] },
    })
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'example.com' }
    expect(await (await fetch(`${trusting.url}/a`, { headers })).text()).toBe('fetch https://example.com/a')
    expect(await (await fetch(`${strict.url}/a`, { headers })).text()).toBe(`fetch ${strict.url}/a`)
  })
})
