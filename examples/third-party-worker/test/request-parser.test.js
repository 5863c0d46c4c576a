import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolError, RequestParser } from '../dist/request-parser.js'

const maxBytes = 1_000

function parse(parser, ...chunks) {
  return chunks
    .flatMap(chunk => [...parser.push(Buffer.from(chunk))])
    .map(request => request.map(argument => argument.toString()))
}

const stream = '*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nECHO\r\n$5\r\nhé\r\n\r\n*0\r\n*2\r\n$3\r\nGET\r\n$0\r\n\r\n'

test('commands are the same however the bytes are cut', () => {
  const bytes = Buffer.from(stream)
  const expected = [['PING'], ['ECHO', 'hé\r\n'], ['GET', '']]
  for (let size = 1; size <= bytes.length; size += 1) {
    const chunks = []
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
    const parser = new RequestParser(maxBytes)
    assert.deepEqual(parse(parser, ...chunks), expected, `in pieces of ${size}`)
    assert.equal(parser.isWithinRequest, false)
  }
})

test('a part of a command is told from none', () => {
  for (const part of ['*', '*2\r\n', '*2\r\n$4\r\nEC', '*2\r\n$4\r\nECHO\r\n']) {
    const parser = new RequestParser(maxBytes)
    assert.deepEqual(parse(parser, part), [])
    assert.equal(parser.isWithinRequest, true, JSON.stringify(part))
  }
})

for (const [what, bytes] of [
  ['a command in words', 'PING\r\n'],
  ['a negative number', '*-1\r\n'],
  ['a number that is none', '*2x\r\n'],
  ['an argument that is too long', '*1\r\n$2000\r\n'],
  ['arguments that are too long together', `*3\r\n$600\r\n${'a'.repeat(600)}\r\n$600\r\n`],
  ['an argument that is not a bulk string', '*1\r\n:1\r\n'],
  ['a line without an end', 'a'.repeat(20_000)],
])
  test(`${what} is refused`, () => {
    assert.throws(() => parse(new RequestParser(maxBytes), bytes), ProtocolError)
  })
