import { describe, expect, test } from 'vitest'
import { readForwarded } from '../../src/forwarded/forwarded.js'
import { TrustedPeers } from '../../src/forwarded/trusted-peers.js'
import { requestWith } from '../support/request-with.js'

describe('TrustedPeers', () => {
  test.each([
    [['127.0.0.1'], '127.0.0.1', true],
    [['127.0.0.1'], '127.0.0.2', false],
    [['127.0.0.1'], '::ffff:127.0.0.1', true],
    [['10.0.0.0/8'], '10.200.3.4', true],
    [['10.0.0.0/8'], '::ffff:10.1.1.1', true],
    [['10.0.0.0/8'], '11.0.0.1', false],
    [['::1'], '::1', true],
    [['fd00::/8'], 'fd12::1', true],
    [['fd00::/8'], 'fe80::1', false],
    [[], '127.0.0.1', false],
    [['*'], '203.0.113.1', true],
    [['*'], 'unknown', true],
    [['127.0.0.1'], 'unknown', false],
  ])('%j of %s: %s', (allowed, address, isTrusted) => {
    expect(new TrustedPeers(allowed).trusts(address)).toBe(isTrusted)
  })

  test('trusts peers on Unix sockets', () => {
    expect(new TrustedPeers([]).trusts(undefined)).toBe(true)
  })

  test.each(['localhost', '10.0.0.0/33', '10.0.0.0/x', '10.0.0.0/', ''])(
    'does not take `%s` for an address',
    entry => {
      expect(() => new TrustedPeers([entry])).toThrow()
    },
  )
})

describe('readForwarded', () => {
  const read = (headers: Record<string, string>, remoteAddress?: string): unknown =>
    readForwarded(
      requestWith({ headers, ...(remoteAddress === undefined ? {} : { remoteAddress }) }),
      new TrustedPeers(['127.0.0.1', '10.0.0.0/8']),
    )

  test('says nothing of a request without forwarded fields or from an untrusted peer', () => {
    expect(read({}, '127.0.0.1')).toBeUndefined()
    expect(read({ 'x-forwarded-proto': 'https' }, '203.0.113.1')).toBeUndefined()
  })

  test('reads what one trusted proxy says', () => {
    const headers = {
      'x-forwarded-proto': 'HTTPS',
      'x-forwarded-host': 'a.example',
      'x-forwarded-for': '203.0.113.1',
    }
    expect(read(headers, '127.0.0.1')).toEqual({ scheme: 'https', host: 'a.example', client: '203.0.113.1' })
    expect(read(headers)).toEqual({ scheme: 'https', host: 'a.example', client: '203.0.113.1' })
  })

  test('goes back through a chain of trusted proxies to the first that is not', () => {
    const headers = {
      'x-forwarded-for': '1.1.1.1, 203.0.113.1, 10.0.0.2',
      'x-forwarded-proto': 'http, https, http',
    }
    expect(read(headers, '127.0.0.1')).toEqual({ scheme: 'https', client: '203.0.113.1' })
  })

  test('does not believe what the client itself wrote', () => {
    const headers = { 'x-forwarded-for': '6.6.6.6, 203.0.113.1', 'x-forwarded-proto': 'https, http' }
    expect(read(headers, '127.0.0.1')).toEqual({ scheme: 'http', client: '203.0.113.1' })
  })

  test('takes the outermost address when every proxy is trusted', () => {
    expect(read({ 'x-forwarded-for': '10.0.0.1, 10.0.0.2' }, '127.0.0.1')).toEqual({ client: '10.0.0.1' })
  })

  test('reads addresses with their ports, also those of the proxies', () => {
    const client = (chain: string): unknown => read({ 'x-forwarded-for': chain }, '127.0.0.1')
    expect(client('203.0.113.1:4711')).toEqual({ client: '203.0.113.1', clientPort: 4711 })
    expect(client('6.6.6.6, 203.0.113.1:4711, 10.0.0.2:80')).toEqual({
      client: '203.0.113.1',
      clientPort: 4711,
    })
    expect(client('[2001:db8::1]:4711')).toEqual({ client: '2001:db8::1', clientPort: 4711 })
    expect(client('[2001:db8::1]')).toEqual({ client: '2001:db8::1' })
    expect(client('2001:db8::1')).toEqual({ client: '2001:db8::1' })
    expect(client('unknown')).toEqual({ client: 'unknown' })
  })

  test('takes the schemes of WebSockets for those of HTTP', () => {
    expect(read({ 'x-forwarded-proto': 'WSS' }, '127.0.0.1')).toEqual({ scheme: 'https' })
    expect(read({ 'x-forwarded-proto': 'wss, ws' }, '127.0.0.1')).toEqual({ scheme: 'http' })
  })

  test('ignores values that are no scheme and no host', () => {
    const headers = { 'x-forwarded-proto': 'ftp', 'x-forwarded-host': 'a.example/path@evil' }
    expect(read(headers, '127.0.0.1')).toEqual({})
  })
})
