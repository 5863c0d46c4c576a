import { expect, test } from 'vitest'
import { expiryNotice } from '../../../src/tls/expiry-notice.js'

const now = Date.parse('2030-01-01T00:00:00.000Z')
const dayMs = 86_400_000
const noticeAfter = (days: number, name = 'example.org') =>
  expiryNotice({ name, file: '/etc/example.crt', expiresAt: now + days * dayMs }, now)

test.each([
  [
    -0.5,
    'error',
    /^The certificate for example\.org \(\/etc\/example\.crt\) has expired at 2029-12-31T12:00/,
  ],
  [0, 'error', /has expired at 2030-01-01T00:00/],
  [0.5, 'warn', /expires within a day, at 2030-01-01T12:00/],
  [1, 'warn', /expires in 1 day, /],
  [13.9, 'warn', /expires in 13 days, at 2030-01-14T21:36:00\.000Z\. Renew it, then reload$/],
  [14, 'warn', /expires in 14 days/],
])('%d days before the end of a certificate: %s', (days, level, text) => {
  expect(noticeAfter(days)).toEqual({ level, text: expect.stringMatching(text) })
})

test('more than 14 days before its end nothing is said', () => {
  expect(noticeAfter(14.01)).toBeUndefined()
})

test('a certificate without a host name is called by its file, once', () => {
  expect(noticeAfter(1, '/etc/example.crt')?.text).toMatch(/^The certificate \/etc\/example\.crt expires/)
})
