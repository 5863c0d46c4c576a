/** The id of a request, and its trace, under every worker class. */
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { ControlClient } from '@tunicorn/arbiter/control'
import { connectionTo, rawExchange, startTunicorn, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, test } from 'vitest'
import { apps, type Served, whenServing } from '../e2e/support/served.js'

const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/
const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${trace}-00f067aa0ba902b7-01`

interface Seen {
  /** In the response. */
  readonly answered: string | null
  /** The fields that the app has got. */
  readonly raw: readonly string[]
  /** What it reads. */
  readonly id: string | undefined
}

async function ask(server: Served, sent: readonly (readonly [string, string])[], path = '/'): Promise<Seen> {
  const fields = sent.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const bytes = `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${fields}\r\n`
  const text = String(await rawExchange(connectionTo(server.url), bytes))
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const answered = /^x-request-id: (.*)$/im.exec(head)?.[1] ?? null
  const json = /\{.*\}/s.exec(body)?.[0]
  const got: Omit<Seen, 'answered'> = json === undefined ? { raw: [], id: undefined } : JSON.parse(json)
  return { ...got, answered }
}

/** One that was made, the same for everybody. */
function expectMade({ answered, raw, id }: Seen): void {
  expect(answered).toMatch(uuid)
  expect({ raw, id }).toEqual({ raw: [answered], id: answered })
}

describe.each(['event-loop', 'thread-pool', 'sync', 'asgi'])('under the worker class %s', workerClass => {
  test('a request has one id: of a trusted peer or made, for the app, the client, the logs', async () => {
    await using directory = await temporaryDirectory()
    const app = workerClass === 'asgi' ? './request-ids-asgi.js' : './request-ids.js'
    const file = `${directory.path}/access.log`
    const args = [
      ...[app, '-k', workerClass, '-w', '1', '-b', '127.0.0.1:0', '--log-format', 'json'],
      ...['--access-logfile', file, '--access-logformat', 'json', '--access-log-fields', 'X-Tenant,accept'],
      ...['--request-id-header', 'X-Request-Id'],
    ]
    await using server = await whenServing(await startTunicorn({ cwd: apps, args }))
    const given = await ask(server, [
      ['x-request-id', 'from-proxy.1'],
      ['traceparent', traceparent],
      ['x-tenant', 'a"b'],
    ])
    expect(given).toEqual({ answered: 'from-proxy.1', raw: ['from-proxy.1'], id: 'from-proxy.1' })
    const made = await ask(server, [])
    expectMade(made)
    // Nobody knows which of two is meant, and one with a space in it is none.
    const two = [
      ['X-Request-ID', 'a'],
      ['x-request-id', 'b'],
    ] as const
    for (const sent of [two, [['x-request-id', 'a b']]] as const) expectMade(await ask(server, sent))
    const failed = await ask(
      server,
      [
        ['x-request-id', 'failing'],
        ['traceparent', traceparent],
      ],
      '/fail',
    )
    expect(failed.answered).toBe('failing')
    await server.running.waitForOutput(/it fails/)
    const error = server.output.split('\n').find(line => line.includes('it fails')) ?? ''
    expect(JSON.parse(error)).toMatchObject({ level: 'error', requestId: 'failing', trace_id: trace })

    await server.stop()
    const lines = (await readFile(file, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line): object => JSON.parse(line))
    expect(lines[0]).toMatchObject({
      requestId: 'from-proxy.1',
      trace_id: trace,
      headers: { 'x-tenant': 'a"b' },
    })
    expect(lines[1]).toMatchObject({ requestId: made.answered })
    expect(lines[1]).not.toHaveProperty('trace_id')
    expect(lines[1]).not.toHaveProperty('headers')
    expect(lines[4]).toMatchObject({ requestId: 'failing', outcome: 'failed' })
  })
})

test('the id of a peer that is not trusted is replaced, and the text format and the status have it', async () => {
  await using directory = await temporaryDirectory()
  const file = `${directory.path}/access.log`
  const args = [
    ...[
      './request-ids.js',
      '-k',
      'event-loop',
      '-w',
      '1',
      '-b',
      '127.0.0.1:0',
      '--forwarded-allow-ips',
      '192.0.2.1',
    ],
    ...['--access-logfile', file, '--access-logformat', '%(s)s %(request_id)s %(trace_id)s'],
    ...['--request-id-header', 'X-Request-Id', '--limit-request-fields', '3'],
    ...['--control', `${directory.path}/control.sock`],
  ]
  await using server = await whenServing(await startTunicorn({ cwd: apps, args }))
  const seen = await ask(server, [['x-request-id', 'forged']])
  expectMade(seen)
  // The one that is added does not count.
  expectMade(await ask(server, [['x-other', 'x']]))
  await ask(server, [['traceparent', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`]])

  const held = connect(connectionTo(server.url))
  held.write('GET /hold HTTP/1.1\r\nhost: x\r\n\r\n')
  const client = new ControlClient(`${directory.path}/control.sock`)
  const inFlight = async (): Promise<unknown> =>
    (await client.status()).groups[0]?.workers[0]?.requestsInFlight[0]
  await expect.poll(inFlight).toMatchObject({ target: '/hold', id: expect.stringMatching(uuid) })
  held.destroy()

  await server.stop()
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  expect(lines[0]).toBe(`200 ${seen.answered} -`)
  expect(lines[2]).toMatch(/^200 \S+ -$/)
})

/** The ids in the head of an answer. */
const idsIn = (answer: string): readonly (string | undefined)[] =>
  [...(answer.split('\r\n\r\n')[0] ?? '').matchAll(/^x-request-id: (.*)$/gim)].map(([, id]) => id)

/** One worker with the app of tunnels, whose access log is `file`. */
const tunnelArgs = (file: string): readonly string[] => [
  ...['./request-ids-tunnel.js', '-k', 'event-loop', '-w', '1', '-b', '127.0.0.1:0', '--log-format', 'json'],
  ...['--access-logfile', file, '--access-logformat', 'json', '--request-id-header', 'X-Request-Id'],
]

const offer = 'host: x\r\nconnection: upgrade\r\nupgrade: chat\r\n'

test('what is written past a response has the id too: upgrades, refusals, failures; and so have their lines', async () => {
  await using directory = await temporaryDirectory()
  const file = `${directory.path}/access.log`
  const args = [
    ...tunnelArgs(file),
    ...['--headers-timeout', '1', '--limit-request-body', '10', '--log-level', 'debug'],
  ]
  await using server = await whenServing(await startTunicorn({ cwd: apps, args }))
  const send = async (bytes: string): Promise<string> =>
    String(await rawExchange(connectionTo(server.url), bytes, { timeoutMs: 60_000 }))
  const given = 'x-request-id: given\r\n'
  const post = `POST / HTTP/1.1\r\nhost: x\r\n${given}`
  const cases: readonly (readonly [status: number, bytes: string, ids: unknown])[] = [
    [101, `GET /chat HTTP/1.1\r\n${offer}${given}\r\n`, ['given']],
    [101, `GET /chat HTTP/1.1\r\n${offer}${given}x-bytes: 1\r\n\r\n`, ['given']],
    [101, `GET /own HTTP/1.1\r\n${offer}${given}\r\n`, ['its-own']],
    [403, `GET /no HTTP/1.1\r\n${offer}${given}\r\n`, ['given']],
    [500, `GET /none HTTP/1.1\r\n${offer}${given}\r\n`, ['given']],
    [501, `CONNECT x:1 HTTP/1.1\r\nhost: x:1\r\n${given}\r\n`, ['given']],
    [500, `GET /long HTTP/1.1\r\nhost: x\r\n${given}\r\n`, ['given']],
    [413, `${post}transfer-encoding: chunked\r\n\r\nb\r\n12345678901\r\n`, ['given']],
    [400, `${post}transfer-encoding: chunked\r\n\r\nno chunk\r\n`, ['given']],
    // Of these no head was read, so nobody knows what was given.
    [400, `no request\r\n${given}\r\n`, [expect.stringMatching(uuid)]],
    [431, `GET / HTTP/1.1\r\nx: ${'x'.repeat(80_000)}\r\n`, [expect.stringMatching(uuid)]],
    [408, 'GET / HTTP/1.1\r\nhost: x\r\n', [expect.stringMatching(uuid)]],
  ]
  const made: (string | undefined)[] = []
  for (const [status, bytes, ids] of cases) {
    const answer = await send(bytes)
    expect({ request: bytes.slice(0, 40), status: Number(answer.split(' ')[1]), ids: idsIn(answer) }).toEqual(
      {
        request: bytes.slice(0, 40),
        status,
        ids,
      },
    )
    if (answer.endsWith('welcome')) expect(answer).toMatch(/\r\n\r\nwelcome$/)
    made.push(idsIn(answer)[0])
  }
  // There is a line a second for each kind of refusal, and these are the first of theirs.
  for (const id of made.slice(-2))
    await server.running.waitForOutput(new RegExp(`"requestId":"${id}".*Refused`))
  await server.stop()
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  const logged = lines.map((line): { readonly requestId?: string } => JSON.parse(line))
  expect(logged.map(({ requestId }) => requestId)).toEqual(made.with(2, 'given'))
})

test('a request that died with its worker has its id in the lines about it', async () => {
  await using directory = await temporaryDirectory()
  const file = `${directory.path}/access.log`
  const args = [...tunnelArgs(file)]
  await using server = await whenServing(await startTunicorn({ cwd: apps, args }))
  const held = connect(connectionTo(server.url)).on('error', () => {})
  // In one write, so that the first is there when the second kills.
  held.write(
    `GET /hold HTTP/1.1\r\nhost: x\r\nx-request-id: first-one\r\n\r\nGET /kill HTTP/1.1\r\nhost: x\r\nx-request-id: ${'k'.repeat(200)}\r\n\r\n`,
  )
  await server.running.waitForOutput(/Worker exiting/)
  const line = server.output.split('\n').find(text => text.includes('Worker exiting')) ?? ''
  const { requests }: { readonly requests: string } = JSON.parse(line)
  expect(requests).toMatch(new RegExp(`GET /kill \\(\\d+ ms, ${'k'.repeat(200)}\\)`))
  expect(requests).toMatch(/GET \/hold \(\d+ ms, first-one\)/)
  await expect
    .poll(() => readFile(file, 'utf8'), { timeout: 30_000 })
    .toMatch(/"outcome":"lost".*"requestId":"first-one"/)
  await server.stop()
})

test('a WebSocket of ASGI, and what is answered in its place, have the id', async () => {
  const args = [
    './request-ids-asgi.js',
    '-k',
    'asgi',
    '-w',
    '1',
    '-b',
    '127.0.0.1:0',
    '--request-id-header',
    'X-Request-Id',
  ]
  await using server = await whenServing(await startTunicorn({ cwd: apps, args }))
  const websocket =
    'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
  for (const [path, version, status] of [
    ['/', 13, 101],
    ['/denied', 13, 401],
    ['/refused', 13, 403],
    ['/', 12, 426],
  ] as const) {
    const fields = `host: x\r\nx-request-id: given\r\n${websocket}sec-websocket-version: ${version}\r\n`
    const until = /\r\n\r\n/
    const answer = String(
      await rawExchange(connectionTo(server.url), `GET ${path} HTTP/1.1\r\n${fields}\r\n`, { until }),
    )
    expect({ path, status: Number(answer.split(' ')[1]), ids: idsIn(answer) }).toEqual({
      path,
      status,
      ids: ['given'],
    })
  }
  await server.stop()
})
