import { describe, expect, test } from 'vitest'
import { skipPatternProblem, skippingOf } from '../../../src/access-log/skipping.js'

const skips = skippingOf(['/healthz', '/probe/*', 'kube-probe/', 'ELB*'])

function isSkipped(target: string, agent?: string): boolean | undefined {
  return skips?.({ target, header: name => (name === 'user-agent' ? agent : undefined) })
}

describe('a request without a line', () => {
  test.each(['/healthz', '/healthz?full', '/probe/', '/probe/live', '/probe/live?a=/b'])(
    'is that of %s',
    path => expect(isSkipped(path, 'curl/8')).toBe(true),
  )

  test.each(['/', '/healthz/', '/healthzz', '/a/healthz', '/probe', '/x?/healthz', 'http://h/healthz'])(
    'is not that of %s',
    path => expect(isSkipped(path, 'curl/8')).toBe(false),
  )

  test('is one whose user agent begins so', () => {
    expect(isSkipped('/', 'kube-probe/1.29')).toBe(true)
    expect(isSkipped('/', 'ELB-HealthChecker/2.0')).toBe(true)
    expect(isSkipped('/', 'Mozilla/5.0 kube-probe/1.29')).toBe(false)
    expect(isSkipped('/')).toBe(false)
    expect(skips?.({ target: '/' })).toBe(false)
  })

  test('is none without patterns, and nothing is asked then', () => {
    expect(skippingOf([])).toBeUndefined()
  })
})

test('a pattern says something, and has its star at the end', () => {
  expect(['/a', '/a*', '/*', 'kube-probe'].map(skipPatternProblem)).toEqual(Array(4).fill(undefined))
  expect(skipPatternProblem('*')).toMatch(/no line/)
  expect(skipPatternProblem('')).toMatch(/no line/)
  expect(skipPatternProblem('/a/*/b')).toMatch(/not at its end/)
})
