/** What proxies say, and what somebody says in their place. */
import { get, type Row } from '../row.js'

const disagreeing: readonly (readonly string[])[] = [
  ['X-Forwarded-Proto: https', 'X-Forwarded-Ssl: off'],
  ['X-Forwarded-Proto: http', 'X-Forwarded-Ssl: on'],
  ['X-Forwarded-Proto: https', 'Forwarded: for=1.1.1.1;proto=http'],
  ['X-Forwarded-Ssl: on', 'Forwarded: proto=http'],
]
const agreeing: readonly (readonly string[])[] = [
  ['X-Forwarded-Proto: https', 'X-Forwarded-Ssl: on'],
  ['X-Forwarded-Proto: wss', 'Forwarded: proto="https"'],
  ['X-Forwarded-Proto: https', 'Forwarded: for="1.1.1.1'],
]

export const proxyRows: readonly Row[] = [
  ...disagreeing.map(
    (fields): Row => ({
      given: `schemes that disagree: ${fields.join(', ')}`,
      sends: get('/p', ...fields) + get('/smug'),
      setup: 'proxied',
      answers: [400],
      connection: 'closed',
    }),
  ),
  ...agreeing.map(
    (fields): Row => ({
      given: `schemes that agree: ${fields.join(', ')}`,
      sends: get('/p', ...fields),
      setup: 'proxied',
      answers: [200],
      connection: 'kept',
      sees: ['GET /p'],
    }),
  ),
  {
    given: 'schemes that disagree in a field that is not listed',
    sends: get('/p', 'X-Forwarded-Proto: https', 'X-Forwarded-Ssl: off'),
    answers: [200],
    connection: 'kept',
    sees: ['GET /p'],
  },
]
