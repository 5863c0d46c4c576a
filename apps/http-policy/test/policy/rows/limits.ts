/** Limits on size and time. */
import { get, type Row, request } from '../row.js'

const upgrade = ['Connection: Upgrade', 'Upgrade: foo']
const chunk = `7d0\r\n${'a'.repeat(2000)}\r\n0\r\n\r\n`

export const limitRows: readonly Row[] = [
  {
    given: 'a chunked body above the limit behind an upgrade',
    sends: request('POST /up HTTP/1.1', 'Host: h', ...upgrade, 'Transfer-Encoding: chunked') + chunk,
    setup: 'limited',
    answers: [413],
    connection: 'closed',
  },
  {
    given: 'a chunked body above the limit',
    sends: request('POST /p HTTP/1.1', 'Host: h', 'Transfer-Encoding: chunked') + chunk + get('/smug'),
    setup: 'limited',
    answers: [413],
    connection: 'closed',
  },
  {
    given: 'a length above the limit',
    sends: request('POST /p HTTP/1.1', 'Host: h', 'Content-Length: 1001') + 'a'.repeat(1001) + get('/smug'),
    setup: 'limited',
    answers: [413],
    connection: 'closed',
  },
  {
    given: 'a length above the limit in HTTP/1.0',
    sends: request('POST /p HTTP/1.0', 'Host: h', 'Content-Length: 1001') + 'a'.repeat(1001),
    setup: 'limited',
    answers: [413],
    connection: 'closed',
  },
  {
    given: 'a request line above the limit',
    sends: get(`/${'a'.repeat(200)}`) + get('/smug'),
    setup: 'limited',
    answers: [414],
    connection: 'closed',
  },
  {
    given: 'more fields than allowed',
    sends: get('/p', ...Array.from({ length: 20 }, (_, index) => `X-${index}: a`)) + get('/smug'),
    setup: 'limited',
    answers: [431],
    connection: 'closed',
  },
  {
    given: 'a field above the limit',
    sends: get('/p', `X: ${'a'.repeat(500)}`) + get('/smug'),
    setup: 'limited',
    answers: [431],
    connection: 'closed',
  },
  {
    given: 'a head that does not go on',
    sends: 'GET /p HTTP/1.1\r\nHost: h\r\n',
    setup: 'patient',
    answers: [408],
    connection: 'closed',
  },
  {
    given: 'a body that does not go on',
    sends: `${request('POST /p HTTP/1.1', 'Host: h', 'Content-Length: 10')}a`,
    setup: 'patient',
    answers: [408],
    connection: 'closed',
  },
  {
    given: 'a body that does not go on behind an upgrade',
    sends: `${request('POST /p HTTP/1.1', 'Host: h', ...upgrade, 'Content-Length: 10')}a`,
    setup: 'patient',
    answers: [408],
    connection: 'closed',
  },
  {
    given: 'a chunked body that does not go on',
    sends: `${request('POST /p HTTP/1.1', 'Host: h', 'Transfer-Encoding: chunked')}1\r\na\r\n`,
    setup: 'patient',
    answers: [408],
    connection: 'closed',
  },
  {
    given: 'fields that are 70 KiB together',
    sends: get('/p', ...Array.from({ length: 70 }, (_, index) => `X-${index}: ${'a'.repeat(1024)}`)),
    answers: [431],
    connection: 'closed',
  },
  {
    given: 'fields that are 60 KiB together',
    sends: get('/p', ...Array.from({ length: 60 }, (_, index) => `X-${index}: ${'a'.repeat(1000)}`)),
    answers: [200],
    connection: 'kept',
    sees: ['GET /p'],
  },
  { given: 'nothing at all', sends: '', setup: 'patient', answers: [], connection: 'closed' },
]
