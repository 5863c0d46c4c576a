import type { ForwardedHeader } from '@tunicorn/arbiter/worker'
import { noteScope } from '../support/apps.js'
import { get } from '../support/requests.js'
import { describeRows, type Row } from '../support/rows.js'

const local = ['http', '127.0.0.1']

/** Trusted peers, header fields, and what the app sees. */
const rows: readonly (readonly [readonly string[], readonly string[], readonly unknown[]])[] = [
  [['*'], ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https'], ['https', '1.2.3.4', 0]],
  [['127.0.0.1'], ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https'], ['https', '1.2.3.4', 0]],
  [
    ['127.0.0.0/24', '10.0.0.1'],
    ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https'],
    ['https', '1.2.3.4', 0],
  ],
  [['192.168.0.1'], ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https'], local],
  [['192.168.0.0/16'], ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https'], local],
  [[], ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https'], local],
  [
    ['127.0.0.1', '1.2.3.4'],
    ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https'],
    ['https', '1.2.3.4', 0],
  ],
  [
    ['192.168.0.2', '127.0.0.1'],
    ['X-Forwarded-For: 1.2.3.4, 10.0.2.1, 192.168.0.2'],
    ['http', '10.0.2.1', 0],
  ],
  [
    ['192.168.0.2', '127.0.0.1', '10.0.2.1', '1.2.3.4'],
    ['X-Forwarded-For: 1.2.3.4, 10.0.2.1, 192.168.0.2'],
    ['http', '1.2.3.4', 0],
  ],
  [['127.0.0.1'], ['X-Forwarded-For: 1.2.3.4:1234'], ['http', '1.2.3.4', 1234]],
  [['127.0.0.1'], ['X-Forwarded-For: [2001:db8::1]:8080'], ['http', '2001:db8::1', 8080]],
  [['127.0.0.1'], ['X-Forwarded-For: 2001:db8::1'], ['http', '2001:db8::1', 0]],
  [['127.0.0.1'], ['X-Forwarded-Proto: wss'], ['https', '127.0.0.1']],
  [['127.0.0.1'], ['X-Forwarded-Proto: gopher'], local],
  [['127.0.0.1'], ['X-Forwarded-For: unknown'], ['http', '127.0.0.1']],
  [['127.0.0.1'], ['X-Forwarded-Ssl: on', 'X-Forwarded-Prefix: /a'], local],
  [['127.0.0.1'], ['Forwarded: for=1.2.3.4;proto=https'], local],
]

describeRows(
  'Proxy headers',
  rows.map(
    ([forwardedAllowIps, fields, seen]): Row => ({
      given: `the trusted peers ${forwardedAllowIps.join(', ') || '(none)'}`,
      when: `a local proxy says ${fields.join(' and ')}`,
      expects: `scheme and client ${JSON.stringify(seen)}`,
      app: noteScope(({ scheme, client }) => [scheme, ...(client ?? [])].slice(0, seen.length)),
      options: { forwardedAllowIps },
      sends: get('/', fields),
      receives: /204/,
      notes: [seen],
    }),
  ),
)

/** Listed fields, what a local proxy says in them, and what the app sees. */
const listed: readonly (readonly [readonly ForwardedHeader[], string, readonly unknown[]])[] = [
  [['Forwarded'], 'Forwarded: for="[2001:db8::1]:80";proto=https', ['https', '2001:db8::1', '', '/']],
  [['X-Forwarded-Ssl'], 'X-Forwarded-Ssl: on', ['https', '127.0.0.1', '', '/']],
  [['X-Forwarded-Prefix'], 'X-Forwarded-Prefix: /shop/', ['http', '127.0.0.1', '/shop', '/shop/']],
  [['X-Forwarded-Prefix'], 'X-Forwarded-Prefix: //evil', ['http', '127.0.0.1', '', '/']],
]

describeRows(
  'Proxy headers that are listed',
  listed.map(
    ([forwardedHeaders, field, seen]): Row => ({
      given: `the listed fields ${forwardedHeaders.join(', ')}`,
      when: `a local proxy says ${field}`,
      expects: `scheme, client, mount and path ${JSON.stringify(seen)}`,
      app: noteScope(({ scheme, client, rootPath, path }) => [scheme, client?.[0], rootPath, path]),
      options: { forwardedHeaders },
      sends: get('/', [field]),
      receives: /204/,
      notes: [seen],
    }),
  ),
)
