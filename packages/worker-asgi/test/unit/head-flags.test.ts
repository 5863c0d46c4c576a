import { expect, test } from 'vitest'
import { readHeadFlags } from '../../src/scope/head-flags.js'

const none = { hasSeveralHosts: false, hasBody: false, isForwarded: false }

test.each([
  [[], none],
  [['Host', 'a', 'Accept', '*/*', 'Content-Length', '0'], none],
  [['Host', 'a', 'hOST', 'a'], { ...none, hasSeveralHosts: true }],
  [['CONTENT-LENGTH', '1'], { ...none, hasBody: true }],
  [['Transfer-Encoding', 'chunked'], { ...none, hasBody: true }],
  [['X-Forwarded-For', '::1'], { ...none, isForwarded: true }],
  [['x-forwarded-proto', 'https'], { ...none, isForwarded: true }],
  // As long as the names that are looked for.
  [
    [
      'Date',
      'x',
      'Accept-Charset',
      'x',
      'Accept-Encoding',
      'x',
      'If-Modified-Sinc',
      'x',
      'X-Forwarded-Port1',
      'x',
    ],
    none,
  ],
])('of the fields %j the server sees %j', (rawHeaders, signs) => {
  expect(readHeadFlags(rawHeaders)).toEqual(signs)
})
