/** Where a request ends, and what may follow its body. */
import { get, type Row, request } from '../row.js'

const smuggled = get('/smug')
const refused = { answers: [400], connection: 'closed' } as const
const post = (...fields: readonly string[]): string => request('POST /p HTTP/1.1', 'Host: h', ...fields)
const chunked = (body: string, ...fields: readonly string[]): string =>
  post('Transfer-Encoding: chunked', ...fields) + body

export const codingRows: readonly Row[] = [
  {
    given: 'chunks in HTTP/1.0',
    sends: `${request('POST /p HTTP/1.0', 'Host: h', 'Connection: keep-alive', 'Transfer-Encoding: chunked')}0\r\n\r\n${smuggled}`,
    ...refused,
  },
  { given: 'an empty coding', sends: post('Transfer-Encoding:') + smuggled, ...refused },
  {
    given: 'an empty coding beside a length',
    sends: `${post('Transfer-Encoding:', 'Content-Length: 5')}hello`,
    ...refused,
  },
  {
    given: 'chunks beside a length',
    sends: `${post('Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n`,
    ...refused,
  },
  {
    given: 'a length beside chunks',
    sends: `${post('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    ...refused,
  },
  ...['gzip, chunked', 'chunked;q=1, chunked', 'x, chunked'].map(
    (coding): Row => ({
      given: `the coding ${coding}`,
      sends: `${post(`Transfer-Encoding: ${coding}`)}0\r\n\r\n${smuggled}`,
      answers: [501],
      connection: 'closed',
    }),
  ),
  {
    given: 'two fields for two codings',
    sends: `${post('Transfer-Encoding: gzip', 'Transfer-Encoding: chunked')}0\r\n\r\n${smuggled}`,
    answers: [501],
    connection: 'closed',
  },
  ...['gzip', 'identity', 'xchunked', 'chunked, gzip', 'chunkedx', 'chunked, identity'].map(
    (coding): Row => ({
      given: `the coding ${coding}`,
      sends: `${post(`Transfer-Encoding: ${coding}`)}0\r\n\r\n${smuggled}`,
      ...refused,
    }),
  ),
  {
    given: 'chunks twice',
    sends: `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')}0\r\n\r\n${smuggled}`,
    ...refused,
  },
  {
    given: 'the coding in capitals',
    sends: `${post('TRANSFER-ENCODING: ChunKed')}5\r\nhello\r\n0\r\n\r\n`,
    answers: [200],
    connection: 'kept',
    sees: ['POST /p hello'],
  },
]

export const lengthRows: readonly Row[] = [
  ...['+5', '-5', '5, 5', '5 5', '0x5', '5.0', '', '99999999999999999999999'].map(
    (length): Row => ({
      given: `the length ${JSON.stringify(length)}`,
      sends: `${post(`Content-Length: ${length}`)}hello`,
      ...refused,
    }),
  ),
  { given: 'two equal lengths', sends: `${post('Content-Length: 5', 'Content-Length: 5')}hello`, ...refused },
  { given: 'two lengths', sends: `${post('Content-Length: 5', 'Content-Length: 6')}hello`, ...refused },
  {
    given: 'a length',
    sends: `${post('Content-Length: 5')}hello`,
    answers: [200],
    connection: 'kept',
    sees: ['POST /p hello'],
  },
]

export const chunkRows: readonly Row[] = [
  {
    given: 'chunks with extensions',
    sends: chunked('5;a=b\r\nhello\r\n1;a="b"\r\n!\r\n0\r\n\r\n'),
    answers: [200],
    connection: 'kept',
    sees: ['POST /p hello!'],
  },
  ...[
    ['white space around an extension', '5; a=b\r\nhello\r\n0\r\n\r\n'],
    ['white space behind a size', '5 \r\nhello\r\n0\r\n\r\n'],
    ['a sign before a size', '+5\r\nhello\r\n0\r\n\r\n'],
    ['a size in another notation', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['no size', '\r\nhello\r\n0\r\n\r\n'],
    ['a size that is too small', '4\r\nhello\r\n0\r\n\r\n'],
    ['a size above 64 bits', '10000000000000005\r\nhello\r\n0\r\n\r\n'],
    ['a bare LF behind a size', '5\nhello\r\n0\r\n\r\n'],
    ['a bare CR in an extension', '5;e=a\rb\r\nhello\r\n0\r\n\r\n'],
  ].map(([what, body]): Row => ({ given: what ?? '', sends: chunked(body ?? '') + smuggled, ...refused })),
  {
    given: 'a broken chunk behind a head without a host',
    sends: `${request('POST /a HTTP/1.1', 'Transfer-Encoding: chunked')}5;e=a\rb\r\nhello\r\n0\r\n\r\n`,
    ...refused,
  },
]

const dropped = ['Host: evil', 'Authorization: x', 'Cookie: a=b', 'X-Forwarded-For: 1.2.3.4', 'Trailer: x']

export const trailerRows: readonly Row[] = [
  ...dropped.map(
    (field): Row => ({
      given: `the trailer ${field}`,
      sends: `${chunked('0\r\n')}${field}\r\n\r\n`,
      answers: [200],
      connection: 'kept',
      sees: ['POST /p'],
    }),
  ),
  ...['Content-Length: 3', 'Transfer-Encoding: gzip', 'A : b', 'A'].map(
    (field): Row => ({
      given: `the trailer ${field}`,
      sends: `${chunked('0\r\n')}${field}\r\n\r\n${smuggled}`,
      ...refused,
    }),
  ),
  {
    given: 'more trailers than fields are allowed',
    sends: `${chunked('0\r\n')}${'A: b\r\n'.repeat(101)}\r\n${smuggled}`,
    answers: [431],
    connection: 'closed',
  },
  {
    given: 'as many trailers as fields are allowed',
    sends: `${chunked('0\r\n')}${'A: b\r\n'.repeat(100)}\r\n`,
    answers: [200],
    connection: 'kept',
    sees: ['POST /p'],
  },
]
