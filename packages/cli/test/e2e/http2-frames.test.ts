/** Frames in, outcome out: what becomes of what clients of HTTP/2 send, right and wrong. */

import { startTunicorn } from '@tunicorn/harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  block,
  type Fields,
  FrameClient,
  flags,
  frame,
  headers,
  number32,
  preface,
  pseudo,
  setting,
  types,
} from './support/frames.js'
import { apps, type Served, whenServing } from './support/served.js'

let served: Served
let port: number

beforeAll(async () => {
  const args = ['-k', 'event-loop', '-w', '1', '-b', 'h2c://127.0.0.1:0', '--http2', 'on']
  const limit = ['--limit-request-body', '1000']
  const running = await startTunicorn({ cwd: apps, args: ['./streams.js:node', ...args, ...limit] })
  served = await whenServing(running)
  port = Number(new URL(served.url).port)
})

afterAll(() => served[Symbol.asyncDispose]())

const hello = [preface, frame(types.settings, 0, 0)]
const get = pseudo()
const post = pseudo('/x', 'POST')
const open = (fields: Fields = post): Buffer => headers(1, fields, 0)
const data = (bytes: string, flag: number = flags.endStream, stream = 1): Buffer =>
  frame(types.data, flag, stream, bytes)
const without = (name: string): Fields => get.filter(([each]) => each !== name)
const withFields = (...more: Fields): Fields => [...get, ...more]
const many = (count: number): Fields =>
  Array.from({ length: count }, (_, index) => [`x-${index}`, 'y'] as const)

const long = block([['x-long', 'x'.repeat(16_390)]])

/** `goaway`: Node does not always say with which code a connection ends. */
type Row = readonly [what: string, outcome: string, ...parts: readonly (Uint8Array | string)[]]

const requests: readonly Row[] = [
  ['a request', '200', headers(1, get)],
  ['a request whose end is an empty DATA', '200', headers(1, get, 0), data('')],
  ['a body', '200', open(), data('hello')],
  ['a body in many frames', '200', open(), data('a', 0), data('b', 0), data('', 0), data('c')],
  ['a padded body', '200', open(), frame(types.data, flags.endStream | flags.padded, 1, '\x03abc\0\0\0')],
  ['a body of the length that it says', '200', open([...post, ['content-length', '5']]), data('hello')],
  ['trailers', '200', open(), data('a', 0), headers(1, [['x-sum', '1']])],
  [
    'a head in a HEADERS and two CONTINUATIONs',
    '200',
    frame(types.headers, flags.endStream, 1, block(get.slice(0, 2))),
    frame(types.continuation, 0, 1, block(get.slice(2, 3))),
    frame(types.continuation, flags.endHeaders, 1, block(get.slice(3))),
  ],
  [
    'a padded head',
    '200',
    frame(
      types.headers,
      flags.endStream | flags.endHeaders | flags.padded,
      1,
      Buffer.concat([Buffer.from([2]), block(get), Buffer.alloc(2)]),
    ),
  ],
  [
    'a head with a priority',
    '200',
    frame(
      types.headers,
      flags.endStream | flags.endHeaders | flags.priority,
      1,
      Buffer.concat([number32(0), Buffer.from([15]), block(get)]),
    ),
  ],
  [
    'PRIORITY before a request',
    '200',
    frame(types.priority, 0, 1, Buffer.concat([number32(0), Buffer.from([1])])),
    headers(1, get),
  ],
  ['a frame of a type that nobody knows', '200', frame(0xfa, 0xff, 0, 'what'), headers(1, get)],
  ['a setting that nobody knows', '200', frame(types.settings, 0, 0, setting(0xfafa, 7)), headers(1, get)],
  ['a PING', 'ping', frame(types.ping, 0, 0, '12345678')],
  ['SETTINGS', 'settings ack', frame(types.settings, 0, 0, setting(3, 10))],
  ['WINDOW_UPDATE of the connection', '200', frame(types.window, 0, 0, number32(1_000)), headers(1, get)],
  ['a stream that is not the first', '200', headers(7, get)],
  ['cookies one by one', '200', headers(1, withFields(['cookie', 'a=1'], ['cookie', 'b=2']))],
  ['`te: trailers`', '200', headers(1, withFields(['te', 'trailers']))],
  ['a host that agrees with the authority', '200', headers(1, withFields(['host', 'localhost']))],
  ['a host in place of the authority', '200', headers(1, [...without(':authority'), ['host', 'localhost']])],
  ['OPTIONS *', '200', headers(1, pseudo('*', 'OPTIONS'))],
  ['`expect: 100-continue`', '100', open([...post, ['expect', '100-continue']])],
  ['an expectation that nobody knows', '417', open([...post, ['expect', 'tea']])],
  ['HEAD', '200', headers(1, pseudo('/big', 'HEAD'))],
]

const refused: readonly Row[] = [
  ['two hosts', '400', headers(1, withFields(['host', 'other.test']))],
  ['more fields than the limit', '431', headers(1, withFields(...many(120)))],
  [
    'a field above the limit',
    '431',
    frame(types.headers, flags.endStream, 1, block(get)),
    frame(types.continuation, 0, 1, long.subarray(0, 10_000)),
    frame(types.continuation, flags.endHeaders, 1, long.subarray(10_000)),
  ],
  ['a target above the limit', '414', headers(1, pseudo(`/${'x'.repeat(8_200)}`))],
  ['a body that says that it is too long', '413', open([...post, ['content-length', '1001']])],
  ['a body that turns out too long', '413', open(), data('x'.repeat(900), 0), data('x'.repeat(900), 0)],
  ['more trailers than the limit', '431', open(), data('a', 0), headers(1, many(120))],
  [
    'CONNECT',
    '501',
    headers(
      1,
      [
        [':method', 'CONNECT'],
        [':authority', 'example.org:443'],
      ],
      0,
    ),
  ],
  ['two content types', '400', headers(1, withFields(['content-type', 'a/b'], ['content-type', 'c/d']))],
]

const streamErrors: readonly Row[] = [
  ['no host', 'reset 1', headers(1, without(':authority'))],
  ['a host that is none', 'reset 1', headers(1, [...without(':authority'), ['host', 'a b']])],
  ['a path that is none', 'reset 1', headers(1, pseudo('*'))],
  ['a field in upper case', 'reset 1', headers(1, withFields(['X-Upper', '1']))],
  ['no method', 'reset 1', headers(1, without(':method'))],
  ['no scheme', 'reset 1', headers(1, without(':scheme'))],
  ['no path', 'reset 1', headers(1, without(':path'))],
  ['an empty path', 'reset 1', headers(1, [...without(':path'), [':path', '']])],
  ['two methods', 'reset 1', headers(1, withFields([':method', 'GET']))],
  ['a pseudo-header field that nobody knows', 'reset 1', headers(1, [[':x', '1'], ...get])],
  ['a pseudo-header field of responses', 'reset 1', headers(1, [[':status', '200'], ...get])],
  ['a pseudo-header field behind others', 'reset 1', headers(1, [['x-a', '1'], ...get])],
  ['`connection`', 'reset 1', headers(1, withFields(['connection', 'close']))],
  ['`keep-alive`', 'reset 1', headers(1, withFields(['keep-alive', '5']))],
  ['`transfer-encoding`', 'reset 1', open([...post, ['transfer-encoding', 'chunked']])],
  ['`upgrade`', 'reset 1', headers(1, withFields(['upgrade', 'websocket']))],
  ['`te` with anything else', 'reset 1', headers(1, withFields(['te', 'gzip']))],
  [
    'a WebSocket (RFC 8441)',
    'reset 1',
    headers(1, [[':method', 'CONNECT'], [':protocol', 'websocket'], ...get.slice(1)], 0),
  ],
  [
    'a body that is longer than it says',
    // So does bare `node:http2`: from Node.js 22 on it ends the session.
    Number.parseInt(process.versions.node, 10) < 22 ? 'reset 1' : 'goaway 2',
    open([...post, ['content-length', '2']]),
    data('hello'),
  ],
  ['a body that is shorter than it says', 'reset 1', open([...post, ['content-length', '9']]), data('hello')],
  ['two lengths', 'reset 1', open([...post, ['content-length', '2'], ['content-length', '3']])],
  ['a length that is none', 'reset 1', open([...post, ['content-length', 'x']])],
  ['pseudo-header fields in trailers', 'reset 1', open(), data('a', 0), headers(1, [[':path', '/']])],
]

const connectionErrors: readonly Row[] = [
  ['a window of nothing for a stream', 'goaway', open(), frame(types.window, 0, 1, number32(0))],
  ['DATA of no stream', 'goaway 1', data('x', 0, 0)],
  ['DATA of a stream that is not open', 'goaway 1', data('x', 0, 5)],
  ['HEADERS of no stream', 'goaway', headers(0, get)],
  ['HEADERS of an even stream', 'goaway', headers(2, get)],
  ['RST_STREAM of no stream', 'goaway', frame(types.reset, 0, 0, number32(8))],
  ['RST_STREAM of a stream that is not open', 'goaway', frame(types.reset, 0, 3, number32(8))],
  ['RST_STREAM of a wrong size', 'goaway 6', open(), frame(types.reset, 0, 1, 'abc')],
  ['SETTINGS of a stream', 'goaway', frame(types.settings, 0, 1)],
  ['SETTINGS of a wrong size', 'goaway 6', frame(types.settings, 0, 0, 'abc')],
  ['an acknowledgement with a payload', 'goaway 6', frame(types.settings, flags.ack, 0, setting(3, 1))],
  ['ENABLE_PUSH of 2', 'goaway', frame(types.settings, 0, 0, setting(2, 2))],
  ['INITIAL_WINDOW_SIZE above the maximum', 'goaway', frame(types.settings, 0, 0, setting(4, 2 ** 31))],
  ['MAX_FRAME_SIZE below the minimum', 'goaway', frame(types.settings, 0, 0, setting(5, 16_383))],
  ['PING of a stream', 'goaway', frame(types.ping, 0, 1, '12345678')],
  ['PING of a wrong size', 'goaway 6', frame(types.ping, 0, 0, '1234')],
  ['WINDOW_UPDATE of nothing', 'goaway', frame(types.window, 0, 0, number32(0))],
  ['WINDOW_UPDATE of a wrong size', 'goaway 6', frame(types.window, 0, 0, 'abc')],
  ['a window that flows over', 'goaway', frame(types.window, 0, 0, number32(2 ** 31 - 1))],
  [
    'PUSH_PROMISE of a client',
    'goaway',
    frame(types.push, flags.endHeaders, 1, Buffer.concat([number32(2), block(get)])),
  ],
  ['CONTINUATION of nothing', 'goaway 1', frame(types.continuation, flags.endHeaders, 1, block(get))],
  [
    'a frame between HEADERS and CONTINUATION',
    'goaway 1',
    frame(types.headers, flags.endStream, 1, block(get)),
    frame(types.ping, 0, 0, '12345678'),
  ],
  ['a frame above the maximum', 'goaway 6', open(), data('x'.repeat(16_385))],
  ['padding that is longer than its frame', 'goaway 1', open(), frame(types.data, flags.padded, 1, '\x09ab')],
  ['an index that HPACK does not have', 'goaway 9', frame(types.headers, 5, 1, Buffer.from([0xff, 0x7f]))],
  ['HPACK that ends too early', 'goaway 9', frame(types.headers, 5, 1, Buffer.from([0x00, 0x05, 0x61]))],
  [
    'a table of HPACK that is too large',
    'goaway 9',
    frame(types.headers, 5, 1, Buffer.concat([Buffer.from([0x3f, 0xe1, 0xff, 0x03]), block(get)])),
  ],
]

const table = [...requests, ...refused, ...streamErrors, ...connectionErrors]

test('there are rows enough', () => expect(table.length).toBeGreaterThanOrEqual(60))

const named = table.map(([what, outcome, ...parts]) => ({ what, outcome, parts }))

test.each(named)('$what: $outcome', async ({ outcome, parts }) => {
  await using client = await FrameClient.open(port)
  client.send(...hello, ...parts)
  await client.until(outcome)
  const seen =
    outcome === 'goaway' ? client.seen.map(each => each.replace(/^goaway .*/, 'goaway')) : client.seen
  expect(seen).toContain(outcome)
})

test.each([
  ['no preface', 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['a preface without SETTINGS', `${preface}${frame(types.ping, 0, 0, '12345678').toString('latin1')}`],
])('%s: the connection is closed', async (_, bytes) => {
  await using client = await FrameClient.open(port)
  client.send(bytes)
  await client.until('closed')
  expect(client.seen).toContain('closed')
})

test.each([
  ['PING', 400, () => frame(types.ping, 0, 0, '12345678')],
  ['SETTINGS', 400, () => frame(types.settings, 0, 0, setting(3, 10))],
  [
    'streams that are reset at once',
    500,
    (index: number) =>
      Buffer.concat([
        headers(2 * index + 1, pseudo('/hold'), 0),
        frame(types.reset, 0, 2 * index + 1, number32(8)),
      ]),
  ],
])('a flood of %s ends with ENHANCE_YOUR_CALM, and others are served meanwhile', async (_, count, make) => {
  await using client = await FrameClient.open(port)
  await using other = await FrameClient.open(port)
  client.send(...hello)
  for (let index = 0; index < count; index += 1) client.send(make(index))
  await client.until('goaway 11', Number.POSITIVE_INFINITY)
  expect(client.seen).toContain('goaway 11')
  other.send(...hello, headers(1, get))
  await other.until('200')
  expect(other.seen).toContain('200')
})

test('streams above the maximum are refused, and end the connection of a client that knows it', async () => {
  const opened = Array.from({ length: 101 }, (_, index) => headers(2 * index + 1, pseudo('/hold')))
  await using early = await FrameClient.open(port)
  early.send(...hello, ...opened)
  await early.until('reset 7')
  expect(early.seen.filter(each => each !== 'settings ack')).toEqual(['reset 7'])
  await using knowing = await FrameClient.open(port)
  knowing.send(...hello)
  await knowing.until('settings ack')
  knowing.send(frame(types.settings, flags.ack, 0), ...opened)
  await knowing.until('closed', Number.POSITIVE_INFINITY)
  expect(knowing.seen).toContain('closed')
})

test('after all of that the worker is the same, and serves', async () => {
  await using client = await FrameClient.open(port)
  client.send(...hello, headers(1, get))
  await client.until('200')
  expect(client.seen).toContain('200')
  expect(served.output.match(/Booting worker/g)).toHaveLength(1)
})
