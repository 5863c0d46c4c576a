import type { IncomingMessage } from 'node:http'
import type { ForwardedHeader } from '@tunicorn/arbiter/worker'
import { describe, expect, test } from 'vitest'
import { ForwardedReader } from '../../src/forwarded/forwarded-reader.js'
import { schemeJudge } from '../../src/forwarded/scheme-judge.js'
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

const names = ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host'] as const

/** What is believed of a request with these fields, when these are listed. */
const reader = (forwardedHeaders: readonly ForwardedHeader[]): ForwardedReader =>
  new ForwardedReader({ forwardedAllowIps: ['127.0.0.1', '10.0.0.0/8'], forwardedHeaders })

const from = (headers: Record<string, string>, remoteAddress?: string): IncomingMessage =>
  requestWith({ headers, ...(remoteAddress === undefined ? {} : { remoteAddress }) })

describe('ForwardedReader', () => {
  const read = (headers: Record<string, string>, remoteAddress?: string): unknown =>
    reader(names).read(from(headers, remoteAddress))

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

describe('A list of addresses', () => {
  test.each([
    ['9.9.9.9 , , , 10.0.0.1', '10.0.0.1'],
    ['9.9.9.9, unknown', undefined],
    ['9.9.9.9, unknown, 10.0.0.1, 10.0.0.2', '10.0.0.1'],
    ['unknown', undefined],
    ['1.2.3.4,', undefined],
    ['999.1.1.1', undefined],
    ['1.2.3', undefined],
    ['01.2.3.4', undefined],
    ['1.2.3.4:99999', undefined],
    ['[1.2.3.4]', undefined],
    ['[::1', undefined],
    ['2001:db8::g', undefined],
    ['1.2.3.4\u00e9', undefined],
    ['<script>', undefined],
  ])('`%s` names %s', (chain, client) => {
    const found = reader(names).read(from({ 'x-forwarded-for': chain }, '127.0.0.1'))
    expect(found?.client).toBe(client)
  })

  test('is the measure of the other lists, up to where it is understood', () => {
    const headers = { 'x-forwarded-for': '9.9.9.9, , 10.0.0.1', 'x-forwarded-proto': 'https, http, https' }
    expect(reader(names).read(from(headers, '127.0.0.1'))).toEqual({ scheme: 'http', client: '10.0.0.1' })
  })
})

describe('Fields that are not listed', () => {
  const all = {
    'x-forwarded-for': '1.1.1.1',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'a.example',
    'x-forwarded-port': '8443',
    'x-forwarded-prefix': '/shop',
    'x-forwarded-ssl': 'on',
    forwarded: 'for=2.2.2.2;proto=https;host=b.example',
  }

  test.each<[ForwardedHeader[], object | undefined]>([
    [[], undefined],
    [['X-Forwarded-For'], { client: '1.1.1.1' }],
    [['X-Forwarded-Proto'], { scheme: 'https' }],
    [['X-Forwarded-Host'], { host: 'a.example' }],
    [['X-Forwarded-Host', 'X-Forwarded-Port'], { host: 'a.example', port: 8443 }],
    [['X-Forwarded-Port'], { port: 8443 }],
    [['X-Forwarded-Prefix'], { prefix: '/shop' }],
    [['X-Forwarded-Ssl'], { scheme: 'https' }],
    [['Forwarded'], { client: '2.2.2.2', scheme: 'https', host: 'b.example' }],
    [['Forwarded', 'X-Forwarded-For'], { client: '2.2.2.2', scheme: 'https', host: 'b.example' }],
  ])('do not count: %j', (listed, expected) => {
    expect(reader(listed).read(from(all, '127.0.0.1'))).toEqual(expected)
  })

  test.each(['70000', '0', '-1', '80a', ''])('a port is one: not `%s`', port => {
    expect(reader(['X-Forwarded-Port']).read(from({ 'x-forwarded-port': port }, '127.0.0.1'))).toEqual({})
  })

  test.each([
    ['/a/b', '/a/b'],
    ['/a/', '/a'],
    ['/', undefined],
    ['a', undefined],
    ['//evil.example', undefined],
    ['/a?b', undefined],
    ['/../a', undefined],
  ])('a prefix is a path: `%s`', (prefix, expected) => {
    const found = reader(['X-Forwarded-Prefix']).read(from({ 'x-forwarded-prefix': prefix }, '127.0.0.1'))
    expect(found?.prefix).toBe(expected)
  })
})

describe('Forwarded', () => {
  test.each([
    ['for=192.0.2.43', { client: '192.0.2.43' }],
    ['For="[2001:db8:cafe::17]:4711"', { client: '2001:db8:cafe::17', clientPort: 4711 }],
    ['for=192.0.2.60;proto=http;by=203.0.113.43', { client: '192.0.2.60', scheme: 'http' }],
    [
      'for=6.6.6.6, for=198.51.100.17;proto=https, for=10.0.0.1',
      { client: '198.51.100.17', scheme: 'https' },
    ],
    ['for=6.6.6.6, for=unknown, for=10.0.0.1', { client: '10.0.0.1' }],
    ['for=6.6.6.6, for=_hidden', {}],
    ['for="a, b";proto=https', { scheme: 'https' }],
    ['for=1.1.1.1;host="a.example:80"', { client: '1.1.1.1', host: 'a.example:80' }],
    ['for="1.1.1.1', {}],
    ['for=1.1.1.1;for=2.2.2.2', {}],
    ['for=1.1.1.1 proto=http', {}],
    ['=1.1.1.1', {}],
    ['', {}],
  ])('%s', (forwarded, expected) => {
    expect(reader(['Forwarded']).read(from({ forwarded }, '127.0.0.1'))).toEqual(expected)
  })
})

describe('Schemes that disagree', () => {
  const disagree = (
    listed: readonly ForwardedHeader[],
    headers: Record<string, string>,
  ): boolean | undefined => schemeJudge(reader(listed))?.(from(headers, '127.0.0.1'))

  test('are not looked for where only one field can name one', () => {
    expect(schemeJudge(reader(names))).toBeUndefined()
  })

  test.each<[Record<string, string>, boolean]>([
    [{ 'x-forwarded-proto': 'https', 'x-forwarded-ssl': 'off' }, true],
    [{ 'x-forwarded-proto': 'http', 'x-forwarded-ssl': 'on' }, true],
    [{ 'x-forwarded-proto': 'https', 'x-forwarded-ssl': 'on' }, false],
    [{ 'x-forwarded-proto': 'https' }, false],
    [{ 'x-forwarded-proto': 'https', forwarded: 'proto=http' }, true],
    [{ 'x-forwarded-proto': 'wss', forwarded: 'for=1.1.1.1;proto=https' }, false],
    [{}, false],
  ])('%j: %s', (headers, expected) => {
    expect(disagree(['X-Forwarded-Proto', 'X-Forwarded-Ssl', 'Forwarded'], headers)).toBe(expected)
  })

  test('mean nothing from a peer that is not trusted', () => {
    const judge = schemeJudge(reader(['X-Forwarded-Proto', 'X-Forwarded-Ssl']))
    expect(judge?.(from({ 'x-forwarded-proto': 'https', 'x-forwarded-ssl': 'off' }, '203.0.113.1'))).toBe(
      false,
    )
  })
})
