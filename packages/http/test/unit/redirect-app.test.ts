import { expect, test } from 'vitest'
import { locationOf } from '../../src/app/redirect-app.js'

test.each([
  ['/a?b', 'example.org', 443, 'https://example.org/a?b'],
  ['/a?b', 'example.org:80', 8443, 'https://example.org:8443/a?b'],
  ['//evil.test/', 'example.org', 443, 'https://example.org//evil.test/'],
  ['/', '[::1]:8080', 8443, 'https://[::1]:8443/'],
  ['http://other.test:80/x', 'example.org', 443, 'https://other.test/x'],
  ['http://other.test?x', 'example.org', 443, 'https://other.test/?x'],
  ['*', 'example.org', 443, 'https://example.org/'],
  ['/', undefined, 443, undefined],
])('a request for %s at %s goes to port %d as %s', (url, host, port, location) => {
  expect(locationOf({ url, headers: { host } }, port)).toBe(location)
})
