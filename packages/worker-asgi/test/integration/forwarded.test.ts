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
  [['127.0.0.1'], ['X-Forwarded-For: unknown'], ['http', 'unknown', 0]],
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
