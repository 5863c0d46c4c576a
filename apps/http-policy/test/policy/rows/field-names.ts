/** Names of fields with an underscore, by the setting `headerMap`: see `subject.ts`. */
import { get, type Row, request } from '../row.js'

const chunked = request('POST /names HTTP/1.1', 'Host: h', 'Transfer-Encoding: chunked')
const trailer = `${chunked}0\r\nX_Trailer: a\r\nX-Trailer: b\r\n\r\n`
const fields = ['X_First: a', 'X-Second: b', 'x-under_score: c', 'X-Third: d_e', 'X-Second: f']
const refused = { setup: 'proxied', answers: [400], connection: 'closed' } as const

export const fieldNameRows: readonly Row[] = [
  {
    given: 'underscores in names, to be dropped',
    sends: get('/names', ...fields),
    answers: [[200, 'x-second x-third']],
    connection: 'kept',
  },
  {
    given: 'an underscore where a hyphen would announce a body, to be dropped',
    sends: get('/p', 'Content_Length: 5', 'Transfer_Encoding: chunked') + get('/q'),
    answers: [200, 200],
    connection: 'kept',
    sees: ['GET /p', 'GET /q'],
  },
  {
    given: 'underscores in names behind an offer to upgrade, to be dropped',
    sends: get('/names', 'Connection: Upgrade', 'Upgrade: foo', ...fields),
    answers: [[200, 'x-second x-third']],
    connection: 'closed',
  },
  {
    given: 'an underscore in the name of a trailer, to be dropped',
    sends: trailer,
    answers: [[200, 'x-trailer']],
    connection: 'kept',
    kinds: ['node'],
  },
  {
    given: 'underscores in names, to be kept',
    sends: get('/names', ...fields),
    setup: 'limited',
    answers: [[200, 'x_first x-second x-under_score x-third']],
    connection: 'kept',
    kinds: ['node', 'asgi'],
  },
  {
    given: 'an underscore in the name of a trailer, to be kept',
    sends: trailer,
    setup: 'limited',
    answers: [[200, 'x_trailer x-trailer']],
    connection: 'kept',
    kinds: ['node'],
  },
  ...fields
    .filter(field => /_.*:/.test(field))
    .map(
      (field): Row => ({
        given: `the field ${field}, to be refused`,
        sends: get('/p', field) + get('/smug'),
        ...refused,
      }),
    ),
  {
    given: 'an underscore in a value',
    sends: get('/p', 'X: a_b'),
    answers: [200],
    connection: 'kept',
    sees: ['GET /p'],
    setup: 'proxied',
  },
  { given: 'an underscore in the name of a trailer, to be refused', sends: trailer, ...refused },
]
