import { noteScope } from '../support/apps.js'
import { get } from '../support/requests.js'
import { describeRows, type Row } from '../support/rows.js'

const local = ['http', '127.0.0.1']

/** Trusted peers, header fields, and what the app sees. */
const rows: readonly (readonly [string, readonly string[], readonly string[], readonly unknown[]])[] = [
  ['P01', ['*'], ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https'], ['https', '1.2.3.4', 0]],
  ['P01', ['127.0.0.1'], ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https'], ['https', '1.2.3.4', 0]],
  [
    'P01',
    ['127.0.0.0/24', '10.0.0.1'],
    ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https'],
    ['https', '1.2.3.4', 0],
  ],
  ['P02', ['192.168.0.1'], ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https'], local],
  ['P02', ['192.168.0.0/16'], ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https'], local],
  ['P02', [], ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https'], local],
  [
    'P03',
    ['127.0.0.1', '1.2.3.4'],
    ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https'],
    ['https', '1.2.3.4', 0],
  ],
  [
    'P05',
    ['192.168.0.2', '127.0.0.1'],
    ['X-Forwarded-For: 1.2.3.4, 10.0.2.1, 192.168.0.2'],
    ['http', '10.0.2.1', 0],
  ],
  [
    'P05',
    ['192.168.0.2', '127.0.0.1', '10.0.2.1', '1.2.3.4'],
    ['X-Forwarded-For: 1.2.3.4, 10.0.2.1, 192.168.0.2'],
    ['http', '1.2.3.4', 0],
  ],
  ['P06', ['127.0.0.1'], ['X-Forwarded-For: 1.2.3.4:1234'], ['http', '1.2.3.4', 1234]],
  ['P06', ['127.0.0.1'], ['X-Forwarded-For: [2001:db8::1]:8080'], ['http', '2001:db8::1', 8080]],
  ['P06', ['127.0.0.1'], ['X-Forwarded-For: 2001:db8::1'], ['http', '2001:db8::1', 0]],
  ['P07', ['127.0.0.1'], ['X-Forwarded-Proto: wss'], ['https', '127.0.0.1']],
  ['P08', ['127.0.0.1'], ['X-Forwarded-Proto: gopher'], local],
  ['P09', ['127.0.0.1'], ['X-Forwarded-For: unknown'], ['http', 'unknown', 0]],
]

describeRows(
  'Proxy headers',
  rows.map(
    ([id, forwardedAllowIps, fields, seen]): Row => ({
      id,
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
