import { describe, expect, test } from 'vitest'
import { FloodMeter } from '../../src/http2/flood-meter.js'
import { readHead } from '../../src/http2/response-head.js'
import { requestParts } from '../../src/http2/stream-request.js'

const head = [':method', 'GET', ':scheme', 'https', ':path', '/a?b', ':authority', 'example.org']

describe('a request of HTTP/2 as one of HTTP/1.1', () => {
  test('has its authority as its first field, and no pseudo-header field', () => {
    expect(requestParts([...head, 'x-a', '1'])).toEqual({
      method: 'GET',
      target: '/a?b',
      fields: ['host', 'example.org', 'x-a', '1'],
    })
  })

  test.each([
    ['the same host', ['host', 'example.org'], ['host', 'example.org']],
    ['another host, which makes two', ['host', 'x.org'], ['host', 'example.org', 'host', 'x.org']],
    [
      'cookies',
      ['cookie', 'a', 'x', 'y', 'cookie', 'b'],
      ['host', 'example.org', 'cookie', 'a; b', 'x', 'y'],
    ],
  ])('%s', (_, more, fields) => {
    expect(requestParts([...head, ...more]).fields).toEqual(fields)
  })

  test('CONNECT has its authority as its target', () => {
    expect(requestParts([':method', 'CONNECT', ':authority', 'a:1'])).toMatchObject({ target: 'a:1' })
  })
})

describe('a response of HTTP/1.1 as one of HTTP/2', () => {
  test('has the status and the fields of its head, without those of the connection', () => {
    const head =
      'HTTP/1.1 404 Not: Found\r\nX-A: b: c\r\nConnection: close\r\nKeep-Alive: 5\r\nTransfer-Encoding: chunked\r\nEmpty: \r\n\r\n'
    const read = readHead(`${head}x: y\r\n\r\n`)
    expect(read).toEqual({ status: 404, fields: { 'x-a': 'b: c', empty: '' }, end: head.length })
  })

  test('may have no fields, and is none before it has come to its end', () => {
    expect(readHead('HTTP/1.1 204 No Content\r\n\r\n')).toMatchObject({ status: 204, fields: {} })
    expect(readHead('HTTP/1.1 204 No Content\r\nx: y\r\n')).toBeUndefined()
  })

  test('has several values where there may be several, and the first where there may be one', () => {
    const lines = ['Set-Cookie: a', 'set-cookie: b', 'SET-COOKIE: c', 'Content-Type: x/y', 'content-type: z']
    const read = readHead(['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n'))
    expect(read?.fields).toEqual({ 'set-cookie': ['a', 'b', 'c'], 'content-type': 'x/y' })
  })
})

test('a flood meter lets a burst pass, and then so many in a second', () => {
  const meter = new FloodMeter(3, 2, 0)
  const taken = [0, 0, 0, 0].map(at => meter.take(at))
  expect(taken).toEqual([true, true, true, false])
  expect([meter.take(1_000), meter.take(1_000)]).toEqual([true, false])
  expect([60_000, 60_000, 60_000, 60_000].map(at => meter.take(at))).toEqual([true, true, true, false])
})
