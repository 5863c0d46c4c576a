import { describe, expect, it } from 'vitest'
import { PathRoutes } from '../../src/admission/path-routes.js'

describe('PathRoutes', () => {
  it('runs everything in threads when there are no prefixes', () => {
    const routes = new PathRoutes([], [])
    expect(routes.needsLoop).toBe(false)
    expect(routes.isLoop('/health')).toBe(false)
  })

  it.each([
    ['/health', true],
    ['/health?full=1', true],
    ['/health/db', true],
    ['/healthy', false],
    ['/other', false],
    ['http://example.com/health', true],
    ['*', false],
  ])('matches whole segments: %s', (target, expected) => {
    expect(new PathRoutes([], ['/health']).isLoop(target)).toBe(expected)
  })

  it('lets the longest prefix win, whichever list it is in', () => {
    const routes = new PathRoutes(['/api/report', '/'], ['/api', '/api/report/status'])
    expect(routes.isLoop('/api/users')).toBe(true)
    expect(routes.isLoop('/api/report/7')).toBe(false)
    expect(routes.isLoop('/api/report/status')).toBe(true)
    expect(routes.isLoop('/')).toBe(false)
  })

  it('takes a prefix with and without a slash at the end for the same', () => {
    const routes = new PathRoutes([], ['/static/'])
    expect(routes.isLoop('/static/app.js')).toBe(true)
    expect(routes.isLoop('/staticky')).toBe(false)
  })

  it.each([
    '/health/../report',
    '/health/%2e%2e/report',
    '/health\\..\\report',
    '/health/..//report',
    '/%72eport',
  ])('does not let a heavy request reach the loop as %s', target => {
    expect(new PathRoutes(['/report'], ['/']).isLoop(target)).toBe(false)
  })

  it.each(['/%zz', 'http://[', '//'])('runs %s, which is no path, in a thread', target => {
    expect(new PathRoutes([], ['/health']).isLoop(target)).toBe(false)
  })
})
