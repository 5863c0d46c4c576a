import { describe, expect, it } from 'vitest'
import { endOfHead, readHead } from '../../src/thread/read-head.js'

const head = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`

describe('readHead', () => {
  it('reads the status, the reason and the fields, duplicates and case included', () => {
    const text = `${head('HTTP/1.1 207 Many Things', 'Set-Cookie: a=1', 'Set-Cookie: b=2', 'X-Empty: ')}body: no`
    expect(readHead(text)).toEqual({
      status: 207,
      reason: 'Many Things',
      fields: ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Empty', ''],
    })
    expect(text.slice(endOfHead(text))).toBe('body: no')
  })

  it('leaves out what belongs to the connection', () => {
    const text = head(
      'HTTP/1.1 200 OK',
      'Connection: keep-alive',
      'Keep-Alive: timeout=5',
      'Transfer-Encoding: chunked',
    )
    expect(readHead(text).fields).toEqual([])
  })

  it('keeps the wish to close', () => {
    expect(readHead(head('HTTP/1.1 200 OK', 'connection: close')).fields).toEqual(['connection', 'close'])
  })

  it('reads an empty reason', () => {
    expect(readHead(head('HTTP/1.1 200 ', 'a: b'))).toEqual({ status: 200, reason: '', fields: ['a', 'b'] })
  })
})
