/** What a proxy says ahead of HTTP: the PROXY protocol. */
import { get, type Row, request } from '../row.js'

const signature = '\r\n\r\n\0\r\nQUIT\n'
const v4 = '\xc0\0\x02\x01\x0a\0\0\x01\x30\x39\0\x50'
const v6 = `\x20\x01\x0d\xb8${'\0'.repeat(11)}\x01${'\0'.repeat(15)}\x01\x30\x39\x01\xbb`
const tlv = '\x04\0\x02ab'

function block(kind: string, content: string): string {
  return `${signature}${kind}${String.fromCharCode(content.length >> 8, content.length & 255)}${content}`
}

const spoken: readonly (readonly [string, string, string])[] = [
  ['PROXY TCP4', 'PROXY TCP4 192.0.2.1 10.0.0.1 12345 80\r\n', '192.0.2.1 12345'],
  ['PROXY TCP6', 'PROXY TCP6 2001:db8::1 ::1 12345 443\r\n', '2001:db8::1 12345'],
  ['a block of IPv4', block('\x21\x11', v4), '192.0.2.1 12345'],
  ['a block of IPv6 with more behind it', block('\x21\x21', v6 + tlv + tlv), '2001:db8::1 12345'],
]
const silent: readonly (readonly [string, string])[] = [
  ['PROXY UNKNOWN', 'PROXY UNKNOWN\r\n'],
  ['a block of the proxy itself', block('\x20\0', '')],
  ['a block of a Unix socket', block('\x21\x31', '\0'.repeat(216))],
]
const wrong: readonly (readonly [string, string])[] = [
  ['no prefix', ''],
  ['a line that is too long', `PROXY UNKNOWN ${'x'.repeat(92)}\r\n`],
  ['a line with a bare LF', 'PROXY UNKNOWN\n'],
  ['a line with a name for an address', 'PROXY TCP4 example.org 10.0.0.1 1 2\r\n'],
  ['a block of another version', block('\x31\x11', v4)],
  ['a block that is too short for its addresses', block('\x21\x21', v4)],
]

export const prefixRows: readonly Row[] = [
  ...spoken.map(
    ([given, prefix, peer]): Row => ({
      given: `${given}, then two requests`,
      sends: prefix + get('/peer') + get('/peer'),
      setup: 'prefixed',
      answers: [
        [200, peer],
        [200, peer],
      ],
      connection: 'kept',
    }),
  ),
  {
    given: 'a prefix, then an offer to upgrade',
    sends: `PROXY TCP4 192.0.2.1 10.0.0.1 12345 80\r\n${get('/peer', 'Connection: Upgrade', 'Upgrade: foo')}`,
    setup: 'prefixed',
    answers: [[200, '192.0.2.1 12345']],
    connection: 'closed',
  },
  {
    given: 'a prefix, then a forwarded field of a client that nobody trusts',
    sends: `PROXY TCP4 192.0.2.1 10.0.0.1 12345 80\r\n${get('/peer', 'X-Forwarded-For: 1.2.3.4')}`,
    setup: 'prefixed',
    answers: [[200, '192.0.2.1 12345']],
    connection: 'kept',
  },
  ...silent.map(
    ([given, prefix]): Row => ({
      given: `${given}, then a request`,
      sends: prefix + get('/p'),
      setup: 'prefixed',
      answers: [200],
      connection: 'kept',
      sees: ['GET /p'],
    }),
  ),
  ...wrong.map(
    ([given, prefix]): Row => ({
      given: `${given}, then a request, of a peer that should speak the PROXY protocol`,
      sends: prefix + get('/smug'),
      setup: 'prefixed',
      answers: [400],
      connection: 'closed',
    }),
  ),
  {
    given: 'two prefixes',
    sends: `PROXY UNKNOWN\r\nPROXY UNKNOWN\r\n${get('/smug')}`,
    setup: 'prefixed',
    answers: [400],
    connection: 'closed',
  },
  {
    given: 'a part of a prefix',
    sends: 'PROXY TCP4 192.0.2.1 ',
    setup: 'prefixed',
    answers: [408],
    connection: 'closed',
    logs: /limit.{1,4}headersTimeout/,
  },
  {
    given: 'a part of a prefix, and the end',
    sends: 'PROXY TCP4 192.0.2.1 ',
    ends: true,
    setup: 'prefixed',
    answers: [400],
    connection: 'closed',
  },
  {
    given: 'the end before a prefix',
    sends: '',
    ends: true,
    setup: 'prefixed',
    answers: [],
    connection: 'closed',
  },
  {
    given: 'a prefix, where nobody has asked for one',
    sends: `PROXY TCP4 192.0.2.1 10.0.0.1 12345 80\r\n${request('GET /smug HTTP/1.1', 'Host: h')}`,
    answers: [400],
    connection: 'closed',
  },
]
