import { describe, expect, it } from 'vitest'
import { type Judged, judge } from '../../src/pool/judge.js'

const limits = { timeoutMs: 1000, graceMs: 200 }
const running: Judged = { touchedAtMs: 0, abort: undefined, isWaitingForClient: false }

describe('judge', () => {
  it('waits until the handler was silent for the timeout', () => {
    expect(judge(running, 999, limits)).toBe('wait')
    expect(judge(running, 1000, limits)).toBe('timeout')
  })

  it('terminates a handler that goes on after the grace', () => {
    const aborted: Judged = { ...running, touchedAtMs: 1000, abort: 'timeout' }
    expect(judge(aborted, 1199, limits)).toBe('wait')
    expect(judge(aborted, 1200, limits)).toBe('terminate')
  })

  it('gives a handler whose client has left the whole timeout', () => {
    const left: Judged = { ...running, abort: 'left' }
    expect(judge(left, 999, limits)).toBe('wait')
    expect(judge(left, 1000, limits)).toBe('terminate')
  })

  it('never counts the time of the client', () => {
    expect(judge({ ...running, isWaitingForClient: true }, 99_999, limits)).toBe('wait')
  })

  it('never ends anything without a timeout', () => {
    expect(judge(running, 99_999, { timeoutMs: 0, graceMs: 0 })).toBe('wait')
  })
})
