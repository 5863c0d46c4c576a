/** Request lines and fields that are refused, and those near them that are served. */
import { get, type Row, request } from '../row.js'

const refused = { answers: [400], connection: 'closed' } as const
const served = { answers: [200], connection: 'kept', sees: ['GET /p'] } as const
const smuggled = get('/smug')

const badHosts: readonly string[] = [
  ...[
    'u@evil',
    'a b',
    'a, b',
    'a,b',
    'h/evil',
    'h?x',
    'h#x',
    'h\\x',
    'h:99999x',
    'h:65536',
    'h:-1',
    '',
    ':80',
  ],
  ...['[::1', '::1', '[::1]x', '[g::1]', '1.2.3.999', 'h%', 'h%zz', 'h%00', '\xe9', 'a<b', 'a"b', 'http://h'],
]
const goodHosts: readonly string[] = [
  ...[
    'h',
    'H.Example',
    'h:80',
    'h:',
    'a_b',
    'a-b.c',
    '1.2.3.4',
    '1.2.3.4:8080',
    '[::1]',
    '[::1]:80',
    'h.',
    'xn--bcher-kva',
  ],
]

export const hostRows: readonly Row[] = [
  ...badHosts.map(
    (host): Row => ({
      given: `the host ${JSON.stringify(host)}`,
      sends: request('GET /p HTTP/1.1', `Host: ${host}`) + smuggled,
      ...refused,
    }),
  ),
  ...goodHosts.map(
    (host): Row => ({
      given: `the host ${JSON.stringify(host)}`,
      sends: request('GET /p HTTP/1.1', `Host: ${host}`),
      ...served,
    }),
  ),
  { given: 'two hosts', sends: request('GET /p HTTP/1.1', 'Host: a.example', 'Host: b.example'), ...refused },
  { given: 'two equal hosts', sends: request('GET /p HTTP/1.1', 'Host: h', 'host: h'), ...refused },
  { given: 'no host in HTTP/1.1', sends: request('GET /p HTTP/1.1') + smuggled, ...refused },
  {
    given: 'no host in HTTP/1.0',
    sends: request('GET /p HTTP/1.0'),
    answers: [200],
    connection: 'closed',
    sees: ['GET /p'],
  },
  { given: 'a bad host in HTTP/1.0', sends: request('GET /p HTTP/1.0', 'Host: u@evil'), ...refused },
  { given: 'two hosts in HTTP/1.0', sends: request('GET /p HTTP/1.0', 'Host: a', 'Host: b'), ...refused },
]

const badTargets: readonly string[] = [
  ...['http:///p', 'http://u@h/p', 'http://a:b@h/p', 'http://h:99999/p', 'http://1.2.3.999/p', 'ftp://h/p'],
  ...['http://h%zz/p', 'foo', 'foo:bar', 'h:80', 'http:/p'],
]

export const lineRows: readonly Row[] = [
  ...['GET /p HTTP/2.0', 'GET /p HTTP/0.9', 'GET /p'].map(
    (line): Row => ({
      given: `the request line ${JSON.stringify(line)}`,
      sends: request(line, 'Host: h') + smuggled,
      answers: [505],
      connection: 'closed',
    }),
  ),
  ...[
    'GET /p HTTP/1.2',
    'GET /p HTTP/3.0',
    'GET /p HTTP/1',
    'GET /p http/1.1',
    'GET /p HTTPS/1.1',
    'PRI * HTTP/2.0',
  ].map(
    (line): Row => ({
      given: `the request line ${JSON.stringify(line)}`,
      sends: request(line, 'Host: h'),
      ...refused,
    }),
  ),
  ...['GET', 'HEAD', 'POST', 'DELETE', 'PATCH'].map(
    (method): Row => ({
      given: `${method} of *`,
      sends: request(`${method} * HTTP/1.1`, 'Host: h') + smuggled,
      ...refused,
    }),
  ),
  {
    given: 'OPTIONS of *',
    sends: request('OPTIONS * HTTP/1.1', 'Host: h'),
    answers: [200],
    connection: 'kept',
    sees: ['OPTIONS *'],
  },
  ...badTargets.map(
    (target): Row => ({
      given: `the target ${target}`,
      sends: request(`GET ${target} HTTP/1.1`, 'Host: h'),
      ...refused,
    }),
  ),
  {
    given: 'a whole URL as the target',
    sends: request('GET http://h/p HTTP/1.1', 'Host: h'),
    ...served,
    kinds: ['asgi'],
  },
  {
    given: 'a whole URL as the target',
    sends: request('GET http://h/p HTTP/1.1', 'Host: h'),
    ...served,
    sees: ['GET http://h/p'],
    kinds: ['node', 'fetch'],
  },
  { given: 'an unknown method', sends: request('FOO /p HTTP/1.1', 'Host: h'), ...refused },
  { given: 'no HTTP at all', sends: 'HELLO\r\n\r\n', ...refused },
  { given: 'a TLS hello', sends: '\x16\x03\x01\x00\x05hello', ...refused },
  {
    given: 'CONNECT',
    sends: request('CONNECT h:80 HTTP/1.1', 'Host: h:80'),
    answers: [501],
    connection: 'closed',
  },
  { given: 'CONNECT with a bad host', sends: request('CONNECT h:80 HTTP/1.1', 'Host: u@h'), ...refused },
  { given: 'empty lines before the request', sends: `\r\n\r\n${get('/p')}`, ...served },
]

export const fieldRows: readonly Row[] = [
  { given: 'a space before the colon', sends: get('/p', 'A : b'), ...refused },
  { given: 'a folded field', sends: get('/p', 'A: b', ' c'), ...refused },
  { given: 'a NUL in a value', sends: get('/p', 'A: b\0c'), ...refused },
  { given: 'a bare CR in a value', sends: get('/p', 'A: b\rc'), ...refused },
  { given: 'a bare LF between lines', sends: 'GET /p HTTP/1.1\nHost: h\n\n', ...refused },
  { given: 'a field without a colon', sends: get('/p', 'A'), ...refused },
  { given: 'a field without a name', sends: get('/p', ': a'), ...refused },
  {
    given: 'two types of content that differ',
    sends: get('/p', 'Content-Type: text/plain', 'Content-Type: text/html') + smuggled,
    ...refused,
  },
  {
    given: 'two types of content that are equal',
    sends: get('/p', 'Content-Type: text/plain', 'content-type: text/plain'),
    ...served,
  },
  {
    given: 'a field named constructor',
    sends: get('/p', 'constructor: x', '__proto__: y', 'toString: z'),
    ...served,
  },
]
