import { expect, test } from 'vitest'
import { overlapOf } from '../../../src/sockets/overlap.js'

const v4 = (address: string, port: number, key = `${address}:${port}`) => ({
  key,
  address: { address, family: 'IPv4', port },
})
const v6 = (address: string, port: number, key = `[${address}]:${port}`) => ({
  key,
  address: { address, family: 'IPv6', port },
})
const unix = { key: 'unix:/a', address: '/a' }

test.each([
  [v4('0.0.0.0', 8000), v6('::', 8000), /\[::\] is every address.*Leave 0\.0\.0\.0:8000 out/],
  [v6('::', 8000), v4('127.0.0.1', 8000), /\[::\] is every address.*Leave 127\.0\.0\.1:8000 out/],
  [v6('::', 8000), v6('::1', 8000), /Leave \[::1\]:8000 out/],
  [v4('127.0.0.1', 8000), v4('0.0.0.0', 8000), /every IPv4 address.*Leave 127\.0\.0\.1:8000 out/],
])('$0.key and $1.key overlap, whichever comes first', (one, other, expected) => {
  expect(overlapOf(one, other)).toMatch(expected)
  expect(overlapOf(other, one)).toMatch(expected)
})

test.each([
  [v4('0.0.0.0', 8000), v4('127.0.0.1', 8001)],
  [v4('127.0.0.1', 8000), v4('127.0.0.2', 8000)],
  [v4('0.0.0.0', 8000), v6('::1', 8000)],
  [v6('::', 8000), v4('127.0.0.1', 8000, 'fd://3')],
  [v6('::', 8000), unix],
  [unix, unix],
])('$0.key and $1.key do not', (one, other) => {
  expect(overlapOf(one, other)).toBeUndefined()
  expect(overlapOf(other, one)).toBeUndefined()
})
