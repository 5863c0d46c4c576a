/** One final answer to each request, in their order. */
import { get, type Row, request } from '../row.js'

const post = (target: string, body: string, ...fields: readonly string[]): string =>
  request(`POST ${target} HTTP/1.1`, 'Host: h', `Content-Length: ${body.length}`, ...fields) + body

export const orderRows: readonly Row[] = [
  {
    given: 'garbage behind a request that takes its time',
    sends: `${get('/slow')}GARBAGE\r\n\r\n`,
    answers: [[200, 'ok'], 400],
    connection: 'closed',
    sees: ['GET /slow'],
  },
  {
    given: 'a refused request behind one that takes its time',
    sends: `${get('/slow')}${request('GET /p HTTP/1.1')}${get('/smug')}`,
    answers: [[200, 'ok'], 400],
    connection: 'closed',
    sees: ['GET /slow'],
  },
  {
    given: 'garbage behind a body that the app has answered without reading it',
    sends: `${post('/early', 'hello')}GARBAGE\r\n\r\n`,
    answers: [200, 400],
    connection: 'closed',
    sees: ['POST /early'],
  },
  {
    given: 'a tunnel behind a request that takes its time',
    sends: get('/slow') + request('CONNECT h:80 HTTP/1.1', 'Host: h:80') + get('/smug'),
    answers: [[200, 'ok'], 501],
    connection: 'closed',
    sees: ['GET /slow'],
  },
  {
    given: 'a refused WebSocket behind a request that takes its time',
    sends: get('/slow') + get('/a', 'Host: i', 'Connection: Upgrade', 'Upgrade: websocket') + get('/smug'),
    answers: [[200, 'ok'], 400],
    connection: 'closed',
    sees: ['GET /slow'],
  },
  {
    given: 'garbage behind two requests',
    sends: `${get('/slow')}${get('/b')}GARBAGE\r\n\r\n`,
    answers: [200, 200, 400],
    connection: 'closed',
    sees: ['GET /slow', 'GET /b'],
  },
  {
    given: 'a broken body behind a request that takes its time',
    sends: `${get('/slow')}${request('POST /p HTTP/1.1', 'Host: h', 'Transfer-Encoding: chunked')}nonsense\r\n`,
    answers: [[200, 'ok'], 400],
    connection: 'closed',
    sees: ['GET /slow'],
  },
  {
    given: 'requests in a row, one of them unsafe',
    sends: post('/slow', 'hi') + get('/b') + post('/c', 'ho') + get('/d'),
    answers: [200, 200, 200, 200],
    connection: 'kept',
    sees: ['POST /slow hi', 'GET /b', 'POST /c ho', 'GET /d'],
  },
  {
    given: 'a request behind the last one of a connection',
    sends: get('/p', 'Connection: close') + get('/smug'),
    answers: [200],
    connection: 'closed',
    sees: ['GET /p'],
    // A client that sends it later may lose its answer to a reset, as with bare Node.
    isWhole: true,
  },
  {
    given: 'a request behind one of HTTP/1.0',
    sends: request('GET /p HTTP/1.0', 'Host: h') + get('/smug'),
    answers: [200],
    connection: 'closed',
    sees: ['GET /p'],
    // A client that sends it later may lose its answer to a reset, as with bare Node.
    isWhole: true,
  },
  {
    given: 'a request behind an upgrade that is not taken',
    sends: get('/a', 'Connection: Upgrade', 'Upgrade: h2c') + get('/b'),
    answers: [200],
    connection: 'closed',
    sees: ['GET /a'],
    isWhole: true,
  },
  {
    given: 'an upgrade that is not taken, with a body',
    sends: post('/a', 'hello', 'Connection: Upgrade', 'Upgrade: h2c'),
    answers: [200],
    connection: 'closed',
    sees: ['POST /a hello'],
  },
  {
    given: 'a WebSocket for an app without one',
    sends: get(
      '/a',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ),
    answers: [501],
    connection: 'closed',
    kinds: ['node', 'fetch'],
  },
  {
    given: 'a client that ends its side behind a refused body',
    sends: request('POST /big HTTP/1.1', 'Host: h', 'Content-Length: 2000'),
    ends: true,
    setup: 'limited',
    answers: [413],
    connection: 'closed',
  },
  {
    given: 'a client that ends its side behind a request that takes its time',
    sends: get('/slow'),
    ends: true,
    answers: [],
    connection: 'closed',
    sees: ['GET /slow'],
  },
  {
    given: 'an expectation in HTTP/1.0',
    sends: `${request('POST /p HTTP/1.0', 'Expect: 100-continue', 'Content-Length: 1')}x`,
    answers: [200],
    connection: 'closed',
    sees: ['POST /p x'],
  },
  {
    given: 'an expectation',
    sends: `${request('POST /p HTTP/1.1', 'Host: h', 'Expect: 100-continue', 'Content-Length: 1')}x`,
    answers: [100, 200],
    connection: 'kept',
    sees: ['POST /p x'],
  },
  {
    given: 'another expectation',
    sends: get('/p', 'Expect: the-unexpected'),
    answers: [417],
    connection: 'kept',
    kinds: ['node', 'fetch'],
  },
]
