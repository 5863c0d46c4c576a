import type { App, BodyOut, HeadersOut } from '@tunicorn/worker-asgi'
import { http, respond } from '../support/apps.js'
import { protocolError } from '../support/probe.js'
import { get } from '../support/requests.js'
import { describeRows } from '../support/rows.js'

/** Answers in parts. */
function inParts(headers: HeadersOut, ...parts: readonly BodyOut[]): App {
  return http(async (_scope, _receive, send) => {
    await send({ type: 'http.response.start', status: 200, headers })
    for (const body of parts) await send({ type: 'http.response.body', body, moreBody: true })
    await send({ type: 'http.response.body' })
  })
}

describeRows('HTTP: framing of responses', [
  {
    given: 'an app that says `transfer-encoding: chunked`',
    when: 'it sends one body',
    expects: 'the body once and exactly one end',
    app: () => respond(200, [['transfer-encoding', 'chunked']], 'body'),
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*transfer-encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n$/is,
    connection: 'open',
  },
  {
    given: 'an app that says `transfer-encoding: chunked`',
    when: 'its body is empty',
    expects: 'exactly one end',
    app: () => respond(200, [['transfer-encoding', 'chunked']]),
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n0\r\n\r\n$/s,
    connection: 'open',
  },
  {
    given: 'an app that says `transfer-encoding: chunked`',
    when: 'it is asked with HEAD',
    expects: 'no chunk, and the connection stays open',
    app: () => respond(200, [['transfer-encoding', 'chunked']], 'body'),
    sends: get('/', [], 'HEAD'),
    receives: /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n$/s,
    connection: 'open',
  },
  {
    given: 'an app that says `transfer-encoding: gzip`',
    when: 'it sends a body',
    expects: 'the field is left out and the body has a length',
    app: () => respond(200, [['transfer-encoding', 'gzip']], 'body'),
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*content-length: 4\r\n.*\r\n\r\nbody$/is,
    never: /gzip/,
    connection: 'open',
  },
  {
    given: 'an app that says both `content-length` and `transfer-encoding: chunked`',
    when: 'it sends a body',
    expects: 'only the length counts',
    app: () =>
      respond(
        200,
        [
          ['Content-Length', '4'],
          ['Transfer-Encoding', 'chunked'],
        ],
        'body',
      ),
    sends: get(),
    receives: /\r\n\r\nbody$/s,
    never: /chunked/,
    connection: 'open',
  },
  {
    given: 'an app that sends several parts without a length',
    when: 'the parts are text and bytes',
    expects: 'chunks',
    app: () => inParts([], 'one', Buffer.from('two'), new Uint8Array([51]), '\u20ac'),
    sends: get(),
    receives: /\r\n0\r\n\r\n$/,
    chunks: 'onetwo3\u00e2\u0082\u00ac',
    connection: 'open',
  },
  {
    given: 'an announced length of 10',
    when: 'one part of 3 bytes is all',
    expects: 'the mistake is told, nothing of it is sent, and the connection is closed',
    app: () => respond(200, [['content-length', '10']], 'abc'),
    sends: get(),
    receives: /^HTTP\/1\.1 500 /,
    connection: 'closed',
    logs: /a body not shorter than `content-length`, which is 10 bytes/,
  },
  {
    given: 'an announced length of 10',
    when: 'two parts of 3 bytes are all',
    expects: 'the connection is closed before the response looks complete',
    app: () => inParts([['content-length', '10']], 'abc', 'def'),
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*content-length: 10\r\n/is,
    connection: 'closed',
    logs: /not shorter than/,
  },
  {
    given: 'an announced length of 10',
    when: '60 bytes are sent',
    expects: 'none of them is out and the connection is closed',
    app: () => respond(200, [['content-length', '10']], 'o'.repeat(60)),
    sends: get(),
    receives: /^HTTP\/1\.1 500 /,
    never: /oooo/,
    connection: 'closed',
  },
  {
    given: 'an announced length of 10',
    when: '6 bytes and 6 more are sent',
    expects: 'at most 10 bytes are out and the connection is closed',
    app: () => inParts([['content-length', '10']], 'abcdef', 'ghijkl'),
    sends: get(),
    receives: /content-length: 10\r\n.*\r\n\r\nabcdef$/is,
    connection: 'closed',
  },
  {
    given: 'an app that sends a body',
    when: 'the status is 204',
    expects: 'neither body nor length, and the connection stays open',
    app: () => respond(204, [['content-length', '4']], 'body'),
    sends: get(),
    receives: /^HTTP\/1\.1 204 No Content\r\n.*\r\n\r\n$/s,
    never: /body|content-length|chunked/i,
    connection: 'open',
  },
  {
    given: 'an app that sends a body',
    when: 'the status is 304',
    expects: 'no body, and the connection stays open',
    app: () => respond(304, [], 'body'),
    sends: get(),
    receives: /^HTTP\/1\.1 304 Not Modified\r\n.*\r\n\r\n$/s,
    never: /body|chunked/i,
    connection: 'open',
  },
  {
    given: 'an app with a length that is no number, or two of them',
    when: 'it starts',
    expects: '`send` rejects',
    app: probe =>
      http(async (_scope, _receive, send) => {
        for (const lengths of [['abc'], ['1', '2'], ['-1']])
          await probe.noteOutcome(
            send({
              type: 'http.response.start',
              status: 200,
              headers: lengths.map((length): [string, string] => ['content-length', length]),
            }),
          )
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.body' })
      }),
    sends: get(),
    receives: /^HTTP\/1\.1 200 .*connection: close/is,
    connection: 'closed',
    notes: [protocolError, protocolError, protocolError],
  },
])
