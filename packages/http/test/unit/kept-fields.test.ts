import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { KeptFields } from '../../src/service/kept-fields.js'

test.each([
  [[]],
  [['Host', 'test', 'X-Empty', '', 'X-Last', '']],
  [
    [
      'Host',
      'test',
      'X-Bytes',
      '\u00e4\u00ff',
      'Cookie',
      'a=1',
      'cookie',
      'b=2',
      'Host',
      'other',
      'X-A',
      '1',
      'x-a',
      '2',
    ],
  ],
])('the fields %j are kept as Node has them', rawHeaders => {
  const req = new IncomingMessage(new Socket())
  req.rawHeaders = [...rawHeaders]
  req.httpVersionMajor = 1
  req.httpVersionMinor = 1
  const kept = new KeptFields(req)
  expect(kept.rawHeaders).toEqual(rawHeaders)
  expect(kept.headers).toEqual(req.headers)
  expect(kept.httpVersion).toBe('1.1')
})
