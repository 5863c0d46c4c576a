import { expect } from 'vitest'
import { echo, hello, http, noteScope, respond } from '../support/apps.js'
import { get, post } from '../support/requests.js'
import { describeRows, type Row } from '../support/rows.js'

const forbiddenInNames = [
  ' ',
  '\0',
  '(',
  ')',
  '<',
  '>',
  '@',
  ',',
  ';',
  ':',
  '[',
  ']',
  '{',
  '}',
  '=',
  '"',
  '\\',
  '\t',
  '\x7f',
]

describeRows('HTTP: basics', [
  {
    given: 'the hello app',
    when: 'it is asked',
    expects: 'it answers and the connection stays open',
    app: hello,
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nHello, world$/s,
    connection: 'open',
  },
  ...['a', 'x\ty', 'x y', '\u00b5'].map(
    (value): Row => ({
      given: `a response header with the value ${JSON.stringify(value)}`,
      when: 'it is sent',
      expects: 'the same bytes arrive',
      app: () => respond(200, [['key', value]]),
      sends: get(),
      receives: new RegExp(`\r\nkey: ${value}\r\n`),
    }),
  ),
  ...forbiddenInNames.map(
    (character): Row => ({
      given: `a response header with ${JSON.stringify(character)} in its name`,
      when: 'it is sent',
      expects: 'the client gets a clean 500 and the connection is closed',
      app: () => respond(200, [[`ba${character}d`, 'value']]),
      sends: get(),
      receives:
        /^HTTP\/1\.1 500 Internal Server Error\r\n.*connection: close\r\n.*\r\nInternal Server Error$/is,
      never: /value/,
      connection: 'closed',
      logs: /a token as its name/,
    }),
  ),
  {
    given: 'a response header with a line break in its value',
    when: 'it is sent',
    expects: 'the client gets a clean 500 and the connection is closed',
    app: () => respond(200, [['key', 'a\r\ninjected: yes']]),
    sends: get(),
    receives: /^HTTP\/1\.1 500 /,
    never: /injected/,
    connection: 'closed',
  },
  {
    given: 'the hello app',
    when: 'it is asked with HEAD',
    expects: 'the headers are those of GET and there is no body',
    app: hello,
    sends: get('/', [], 'HEAD'),
    receives: /^HTTP\/1\.1 200 OK\r\n.*content-length: 12\r\n.*\r\n\r\n$/is,
    never: /Hello/,
    also: async ({ connect }) => {
      const client = await connect()
      client.send(get('/', [], 'HEAD') + get('/', [], 'HEAD'))
      await client.until(/\r\n\r\nHTTP.*\r\n\r\n$/s)
      expect(client.received).not.toContain('Hello')
    },
  },
  {
    given: 'an app that receives until there is no more body',
    when: '18 bytes are posted',
    expects: 'it gets them',
    app: echo,
    sends: post('{"hello": "world"}'),
    receives: /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nBody: \{"hello": "world"\}$/s,
  },
  {
    given: 'an app that says `connection: close`',
    when: 'it answers',
    expects: 'the server closes the connection',
    app: () => respond(200, [['connection', 'close']], 'x'),
    sends: get(),
    receives: /connection: close\r\n.*\r\nx$/is,
    connection: 'closed',
  },
  {
    given: 'the hello app',
    when: 'the request says `connection: close`',
    expects: 'the response says so too and the server closes',
    app: hello,
    sends: get('/', ['Connection: close']),
    receives: /connection: close\r\n.*Hello, world$/is,
    connection: 'closed',
  },
  {
    given: 'an app that answers in two parts without a length',
    when: 'the request is HTTP/1.0',
    expects: 'the scope says so, the response is not chunked, and the end of the connection ends it',
    app: probe =>
      http(async (scope, _receive, send) => {
        probe.note(scope.httpVersion)
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.body', body: 'one', moreBody: true })
        await send({ type: 'http.response.body', body: 'two' })
      }),
    sends: 'GET / HTTP/1.0\r\n\r\n',
    receives: /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nonetwo$/s,
    never: /transfer-encoding/i,
    connection: 'closed',
    notes: ['1.0'],
  },
  {
    given: 'response headers from a generator',
    when: 'they are sent',
    expects: 'they arrive',
    app: () =>
      respond(
        200,
        (function* (): Generator<[string, string]> {
          yield ['x-test-header', 'test value']
        })(),
      ),
    sends: get(),
    receives: /x-test-header: test value\r\n/,
  },
  {
    given: 'the root path /app',
    when: '/ is asked for',
    expects: 'path and raw path begin with it',
    app: noteScope(({ rootPath, path, rawPath }) => [rootPath, path, rawPath]),
    options: { rootPath: '/app' },
    sends: get('/'),
    receives: /204/,
    notes: [['/app', '/app/', '/app/']],
  },
  ...(
    [
      ['/%c0', ['/\ufffd', '/%c0', '']],
      ['/%', ['/%', '/%', '']],
      ['/one%2Ftwo?a=%20b?c', ['/one/two', '/one%2Ftwo', 'a=%20b?c']],
      ['/%E2%82%AC/%e2%82', ['/\u20ac/\ufffd', '/%E2%82%AC/%e2%82', '']],
      ['http://h:1/abs?x=1', ['/abs', '/abs', 'x=1']],
      ['http://h?x=1', ['/', '/', 'x=1']],
      ['//a/../b', ['//a/../b', '//a/../b', '']],
    ] as const
  ).map(
    ([target, seen]): Row => ({
      given: 'any app',
      when: `the target is ${target}`,
      expects: `path, raw path and query are ${JSON.stringify(seen)}`,
      app: noteScope(({ path, rawPath, queryString }) => [path, rawPath, queryString]),
      sends: get(target),
      receives: /204/,
      notes: [seen],
    }),
  ),
  {
    given: 'any app',
    when: 'OPTIONS * comes',
    expects: 'the path is *',
    app: noteScope(({ path, rawPath }) => [path, rawPath]),
    sends: get('*', [], 'OPTIONS'),
    receives: /204/,
    notes: [['*', '*']],
  },
  {
    given: 'any app',
    when: 'a request has duplicate fields',
    expects: 'all are in the scope, in the order of the wire, with lower-case names',
    app: noteScope(({ headers }) => [
      [...headers],
      headers.get('X-a'),
      headers.getAll('cookie'),
      headers.has('none'),
    ]),
    sends: get('/', ['X-A: 1', 'Cookie: a=1', 'x-a: 2', 'Cookie: b=2']),
    receives: /204/,
    notes: [
      [
        [
          ['host', 'test'],
          ['x-a', '1'],
          ['cookie', 'a=1'],
          ['x-a', '2'],
          ['cookie', 'b=2'],
        ],
        '1',
        ['a=1', 'b=2'],
        false,
      ],
    ],
  },
  {
    given: 'an app that sets two cookies',
    when: 'it answers',
    expects: 'there are two fields in its order',
    app: () =>
      respond(200, [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ]),
    sends: get(),
    receives: /set-cookie: a=1\r\nset-cookie: b=2\r\n/,
  },
  {
    given: 'any app',
    when: 'a request comes',
    expects: 'the scope is plain data with all the keys of ASGI',
    app: noteScope(scope => ({
      ...scope,
      headers: [...scope.headers],
      extensions: Object.keys(scope.extensions),
    })),
    sends: get('/p?q=1'),
    receives: /204/,
    notes: [
      {
        type: 'http',
        asgi: { version: '3.0', specVersion: '2.5' },
        httpVersion: '1.1',
        method: 'GET',
        scheme: 'http',
        path: '/p',
        rawPath: '/p',
        queryString: 'q=1',
        rootPath: '',
        headers: [['host', 'test']],
        client: ['127.0.0.1', expect.any(Number)],
        server: ['127.0.0.1', expect.any(Number)],
        extensions: [
          'http.response.trailers',
          'http.response.pathsend',
          'http.response.zerocopysend',
          'http.response.early_hint',
          'server',
        ],
      },
    ],
  },
  {
    given: 'any app',
    when: 'a request has two hosts',
    expects: 'it gets 400, and the app is not called',
    app: noteScope(() => 'called'),
    sends: get('/', ['Host: other']),
    receives: /^HTTP\/1\.1 400 /,
    connection: 'closed',
    notes: [],
  },
  {
    given: 'any app',
    when: 'a request has no host',
    expects: 'it gets 400, and the app is not called',
    app: noteScope(() => 'called'),
    sends: 'GET / HTTP/1.1\r\n\r\n',
    receives: /^HTTP\/1\.1 400 /,
    connection: 'closed',
    notes: [],
  },
  {
    given: 'the hello app',
    when: 'a request with `connection: close` and another one come in one packet',
    expects: 'there is exactly one response',
    app: hello,
    sends: get('/', ['Connection: close']) + get('/second'),
    receives: /^HTTP\/1\.1 200 OK\r\n.*Hello, world/s,
    never: /HTTP.*HTTP/s,
    connection: 'closed',
  },
])
