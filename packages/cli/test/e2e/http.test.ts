/** What HTTP asks of a server, on the wire. */
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { connectionTo, rawExchange } from '@tunicorn/harness'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { responseTo } from './support/busy-client.js'
import { type Served, serve } from './support/served.js'

describe.each([
  ['plain-handler', './plain-handler.js'],
  ['plain-fetch', './plain-fetch.js'],
])('an app of %s', (name, app) => {
  const hello = `hello from ${name}`
  let server: Served

  beforeAll(async () => {
    server = await serve(app)
  })

  afterAll(() => server[Symbol.asyncDispose]())

  test('answers HEAD with the head alone', async () => {
    const bytes = 'HEAD / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'
    const answer = (await rawExchange(server.url, bytes)).toString()
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(answer.slice(answer.indexOf('\r\n\r\n'))).toBe('\r\n\r\n')
  })

  test('answers pipelined requests in their order, on one connection', async () => {
    const bytes = [
      'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n1',
      'GET / HTTP/1.1\r\nhost: x\r\n\r\n',
      'GET /missing HTTP/1.1\r\nhost: x\r\n\r\n',
      'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    ]
    const answer = (await rawExchange(server.url, bytes.join(''))).toString()
    expect(answer.match(/HTTP\/1\.1 \d+|\{"received":1\}|hello from [a-z-]+/g)).toEqual([
      'HTTP/1.1 200',
      '{"received":1}',
      'HTTP/1.1 200',
      hello,
      'HTTP/1.1 404',
      'HTTP/1.1 200',
      hello,
    ])
  })

  test('keeps a connection for the next request, and says for how long', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const isReused: boolean[] = []
    for (let round = 0; round < 3; round += 1) {
      const outgoing = request(server.url, { agent }).end()
      const response = await responseTo(outgoing)
      expect(response.headers['keep-alive']).toBe('timeout=65')
      expect(await text(response)).toBe(hello)
      isReused.push(outgoing.reusedSocket)
    }
    agent.destroy()
    expect(isReused).toEqual([false, true, true])
  })

  test('closes the connection of a client of HTTP/1.0', async () => {
    const answer = (await rawExchange(server.url, 'GET / HTTP/1.0\r\n\r\n')).toString()
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(answer).toMatch(new RegExp(`${hello}$`))
  })

  test('lets a client that expects 100-continue send its body', async () => {
    const headers = { expect: '100-continue', 'content-type': 'application/json', 'content-length': 4 }
    const outgoing = request(`${server.url}/echo`, { method: 'POST', headers, agent: new Agent() })
    outgoing.flushHeaders()
    await once(outgoing, 'continue')
    outgoing.end('true')
    const response = await responseTo(outgoing)
    expect(response.statusCode).toBe(200)
    expect(JSON.parse(await text(response))).toEqual({ received: true })
  })

  test('refuses an expectation that nobody knows with 417', async () => {
    const bytes = 'GET / HTTP/1.1\r\nhost: x\r\nexpect: miracles\r\nconnection: close\r\n\r\n'
    expect((await rawExchange(server.url, bytes)).toString()).toMatch(/^HTTP\/1\.1 417 /)
  })
})

test('an http.Server decides for itself about a client that expects 100-continue', async () => {
  await using server = await serve('./http-server.js')
  const head = 'POST /echo HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\nconnection: close\r\n'
  const refused = await rawExchange(server.url, `${head}content-length: 5000\r\n\r\n`, { until: /\r\n\r\n/ })
  expect(refused.toString()).toMatch(/^HTTP\/1\.1 413 /)
  const taken = await rawExchange(server.url, `${head}content-length: 2\r\n\r\n42`)
  expect(taken.toString()).toMatch(
    /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n[\s\S]*\{"received":42\}/,
  )
})

describe('requests that are not right', () => {
  let server: Served

  beforeAll(async () => {
    server = await serve('./plain-handler.js', {
      args: ['--headers-timeout', '1', '--limit-request-body', '1000'],
    })
  })

  afterAll(() => server[Symbol.asyncDispose]())

  const large = (count: number): string => 'x'.repeat(count)
  const fields = Array.from({ length: 101 }, (_, index) => `x-${index}: 1\r\n`).join('')

  test.each([
    ['bytes that are not HTTP', 400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
    ['a version that does not exist', 400, 'GET / HTTP/4.2\r\nhost: x\r\n\r\n'],
    ['a field name with a space', 400, 'GET / HTTP/1.1\r\nhost: x\r\nbad name: 1\r\n\r\n'],
    ['no host', 400, 'GET / HTTP/1.1\r\n\r\n'],
    ['two lengths', 400, 'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n1'],
    [
      'a length and chunks',
      400,
      'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'a chunk without a size',
      400,
      'POST /stream HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n\r\n',
    ],
    ['a request line of more than 8190 bytes', 414, `GET /${large(8_200)} HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['a field of more than 16 KiB', 431, `GET / HTTP/1.1\r\nhost: x\r\nx: ${large(17_000)}\r\n\r\n`],
    ['fields without an end', 431, `GET / HTTP/1.1\r\nhost: x\r\nx: ${large(3_000_000)}`],
    ['more than 100 fields', 431, `GET / HTTP/1.1\r\nhost: x\r\n${fields}\r\n`],
    [
      'a body that says it is too large',
      413,
      'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1001\r\n\r\n',
    ],
  ])('%s: the answer is %i and the connection is closed', async (_what, status, bytes) => {
    // Resolves only when the server has closed.
    const answer = (await rawExchange(server.url, bytes)).toString('latin1')
    const statuses = answer.match(/HTTP\/1\.1 \d+/g)
    expect(statuses?.at(-1)).toBe(`HTTP/1.1 ${status}`)
    expect(answer).toMatch(/\r\nconnection: close\r\n/i)
    expect((await server.ask('/')).status).toBe(200)
  })

  test('a head that never ends is answered with 408 after --headers-timeout', async () => {
    const answer = await rawExchange(server.url, 'GET / HTTP/1.1\r\nhost: x\r\n')
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('a client that connects and leaves again harms nobody', async () => {
    for (let count = 0; count < 20; count += 1) {
      const socket = connect(connectionTo(server.url))
      await once(socket, 'connect')
      socket.resetAndDestroy()
    }
    expect((await server.ask('/')).status).toBe(200)
    expect(server.output).not.toContain('Worker exiting')
  })
})
