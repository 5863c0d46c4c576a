import { describe, expect, it } from 'vitest'
import { type TimedRequest, timeoutVerdict } from '../../src/pool/timeout-verdict.js'

const limits = { timeoutMs: 1000, graceMs: 200 }
const running: TimedRequest = { touchedAtMs: 0, abort: undefined, isWaitingForClient: false }

describe('the verdict on a request', () => {
  it('waits until the handler was silent for the timeout', () => {
    expect(timeoutVerdict(running, 999, limits)).toBe('wait')
    expect(timeoutVerdict(running, 1000, limits)).toBe('timeout')
  })

  it('terminates a handler that goes on after the grace', () => {
    const aborted: TimedRequest = { ...running, touchedAtMs: 1000, abort: 'timeout' }
    expect(timeoutVerdict(aborted, 1199, limits)).toBe('wait')
    expect(timeoutVerdict(aborted, 1200, limits)).toBe('terminate')
  })

  it('gives a handler whose client has left the whole timeout', () => {
    const left: TimedRequest = { ...running, abort: 'left' }
    expect(timeoutVerdict(left, 999, limits)).toBe('wait')
    expect(timeoutVerdict(left, 1000, limits)).toBe('terminate')
  })

  it('never counts the time of the client', () => {
    expect(timeoutVerdict({ ...running, isWaitingForClient: true }, 99_999, limits)).toBe('wait')
  })

  it('never ends anything without a timeout', () => {
    expect(timeoutVerdict(running, 99_999, { timeoutMs: 0, graceMs: 0 })).toBe('wait')
  })
})
