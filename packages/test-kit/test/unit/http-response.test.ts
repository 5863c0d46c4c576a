import { expect, test } from 'vitest'
import { parseResponse } from '../../src/driver/http-response.js'

const chunked =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\nX-A: 2\r\n\r\n3\r\nabc\r\n2\r\nde\r\n'

test('a response is there once its head is whole', () => {
  expect(parseResponse(Buffer.from('HTTP/1.1 200 OK\r\nX-A: 1\r\n'), false)).toBeUndefined()
})

test('a chunked response is complete with its last chunk, and not with the end of the connection', () => {
  const cut = parseResponse(Buffer.from(chunked), true)
  expect([cut?.status, cut?.body.toString(), cut?.isComplete]).toEqual([200, 'abcde', false])
  const whole = parseResponse(Buffer.from(`${chunked}0\r\n\r\nHTTP/1.1`), false)
  expect([whole?.body.toString(), whole?.isComplete, whole?.bytes]).toEqual([
    'abcde',
    true,
    chunked.length + 5,
  ])
  expect(whole?.headers).toContainEqual(['x-a', '2'])
})

test('a response with a length is complete with its last byte', () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n'
  expect(parseResponse(Buffer.from(`${head}abc`), true)?.isComplete).toBe(false)
  expect(parseResponse(Buffer.from(`${head}abcdef`), false)).toMatchObject({
    isComplete: true,
    bytes: head.length + 4,
  })
})

test('a response without a length is complete with the end of the connection', () => {
  const data = Buffer.from('HTTP/1.1 200 OK\r\n\r\nabc')
  expect(parseResponse(data, false)?.isComplete).toBe(false)
  expect(parseResponse(data, true)?.isComplete).toBe(true)
})
