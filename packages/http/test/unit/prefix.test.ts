import { describe, expect, test } from 'vitest'
import { parsePrefix } from '../../src/proxy-protocol/prefix.js'

const line = (text: string): Buffer => Buffer.from(text, 'latin1')
const signature = [0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]

function block(command: number, kind: number, content: readonly number[], length = content.length): Buffer {
  return Buffer.from([...signature, command, kind, length >> 8, length & 255, ...content])
}

const v4 = [192, 0, 2, 1, 10, 0, 0, 1, 0x30, 0x39, 0x00, 0x50]
const v6 = [0x20, 0x01, 0x0d, 0xb8, ...Array(11).fill(0), 1, ...Array(15).fill(0), 1, 0x30, 0x39, 0x01, 0xbb]
const unix = Array<number>(216).fill(1)
const tlv = [0x04, 0, 2, 1, 2]

const v4Peer = { address: '192.0.2.1', port: 12345, family: 'IPv4' }
const v6Peer = { address: '2001:db8::1', port: 12345, family: 'IPv6' }

const good: readonly (readonly [what: string, bytes: Buffer, peer: object | undefined])[] = [
  ['TCP4', line('PROXY TCP4 192.0.2.1 10.0.0.1 12345 80\r\n'), v4Peer],
  ['TCP6', line('PROXY TCP6 2001:0DB8:0::1 ::1 12345 443\r\n'), v6Peer],
  ['port 0', line('PROXY TCP4 192.0.2.1 10.0.0.1 0 65535\r\n'), { ...v4Peer, port: 0 }],
  ['UNKNOWN', line('PROXY UNKNOWN\r\n'), undefined],
  ['UNKNOWN with more', line('PROXY UNKNOWN ffff::1 ffff::1 65535 65535\r\n'), undefined],
  ['as long as a line may be', line(`PROXY UNKNOWN ${'x'.repeat(91)}\r\n`), undefined],
  ['a block of IPv4', block(0x21, 0x11, v4), v4Peer],
  ['a block of IPv6', block(0x21, 0x21, v6), v6Peer],
  ['a block of IPv4 with more behind the addresses', block(0x21, 0x11, [...v4, ...tlv, ...tlv]), v4Peer],
  ['a block of a Unix socket', block(0x21, 0x31, unix), undefined],
  ['a block without a family', block(0x21, 0x00, tlv), undefined],
  ['a block of the proxy itself', block(0x20, 0x00, []), undefined],
  ['a block of the proxy itself with addresses', block(0x20, 0x11, v4), undefined],
  ['a block of the proxy itself with another family', block(0x20, 0x7f, tlv), undefined],
  ['as long as a block may be', block(0x21, 0x11, [...v4, ...Array<number>(4084).fill(0)]), v4Peer],
]

const bad: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['a request', line('GET / HTTP/1.1\r\n')],
  ['a TLS hello', Buffer.from([0x16, 3, 1, 0, 5])],
  ['another case', line('proxy TCP4 192.0.2.1 10.0.0.1 12345 80\r\n')],
  ['two spaces', line('PROXY  TCP4 192.0.2.1 10.0.0.1 12345 80\r\n')],
  ['a space at the end', line('PROXY TCP4 192.0.2.1 10.0.0.1 12345 80 \r\n')],
  ['an address too few', line('PROXY TCP4 192.0.2.1 12345 80\r\n')],
  ['IPv6 for TCP4', line('PROXY TCP4 ::1 ::1 12345 80\r\n')],
  ['IPv4 for TCP6', line('PROXY TCP6 192.0.2.1 10.0.0.1 12345 80\r\n')],
  ['UDP4', line('PROXY UDP4 192.0.2.1 10.0.0.1 12345 80\r\n')],
  ['a port above the last', line('PROXY TCP4 192.0.2.1 10.0.0.1 65536 80\r\n')],
  ['a port with a zero before it', line('PROXY TCP4 192.0.2.1 10.0.0.1 012 80\r\n')],
  ['no port', line('PROXY TCP4 192.0.2.1 10.0.0.1 12345\r\n')],
  ['a name', line('PROXY TCP4 example.org 10.0.0.1 12345 80\r\n')],
  ['a bare LF', line(`PROXY TCP4 192.0.2.1 10.0.0.1 12345 80\n${'x'.repeat(80)}`)],
  ['a bare CR in UNKNOWN', line('PROXY UNKNOWN a\rb\r\n')],
  ['a line that is too long', line(`PROXY UNKNOWN ${'x'.repeat(92)}\r\n`)],
  ['a line without an end', line(`PROXY UNKNOWN ${'x'.repeat(93)}`)],
  ['version 3', block(0x31, 0x11, v4)],
  ['another command', block(0x22, 0x11, v4)],
  ['datagrams', block(0x21, 0x12, v4)],
  ['another family', block(0x21, 0x41, v4)],
  ['a block that is too short for its addresses', block(0x21, 0x11, v4.slice(1))],
  ['a block of IPv6 with addresses of IPv4', block(0x21, 0x21, v4)],
  ['a block that is too long', block(0x21, 0x11, v4, 4097)],
]

describe('parsePrefix', () => {
  test.each(good)('takes %s, wherever its bytes are cut, and leaves what follows', (_what, bytes, peer) => {
    const length = bytes.length
    const whole = { type: 'whole', length, ...(peer && { peer }) }
    for (let cut = 0; cut < length; cut += 1)
      expect(parsePrefix(bytes.subarray(0, cut), 'auto'), `${cut}`).toEqual({ type: 'incomplete' })
    expect(parsePrefix(bytes, 'auto')).toEqual(whole)
    expect(parsePrefix(Buffer.concat([bytes, line('GET / HTTP/1.1\r\n')]), 'auto')).toEqual(whole)
    const version = bytes.at(0) === 0x50 ? 'v1' : 'v2'
    expect(parsePrefix(bytes, version)).toEqual(whole)
    expect(parsePrefix(bytes, version === 'v1' ? 'v2' : 'v1')).toEqual({ type: 'wrong' })
  })

  test.each(bad)('does not take %s', (_what, bytes) => {
    expect(parsePrefix(bytes, 'auto')).toEqual({ type: 'wrong' })
  })

  test('knows at the first byte that is wrong', () => {
    expect(parsePrefix(line('PROXI'), 'auto')).toEqual({ type: 'wrong' })
    expect(parsePrefix(Buffer.from([0x0d, 0x0a, 0x0d, 0x00]), 'auto')).toEqual({ type: 'wrong' })
    expect(parsePrefix(block(0x21, 0x41, []).subarray(0, 16), 'auto')).toEqual({ type: 'wrong' })
  })
})
