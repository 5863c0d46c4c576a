import { describe, expect, it } from 'vitest'
import { readPast, writePast } from '../../../src/control/past.js'
import type { ExitStatus } from '../../../src/control/status.js'

function exit(age: number, text = 'exited with code 1'): ExitStatus {
  const at = new Date(age * 1_000).toISOString()
  return { pid: 1_000 + age, age, generation: 0, reason: { kind: 'exited', text }, isOrderly: false, at }
}

function exits(count: number, text?: string): ExitStatus[] {
  return Array.from({ length: count }, (_, index) => exit(count - index, text))
}

const lastReload = {
  result: 'failed',
  at: new Date(0).toISOString(),
  error: { code: 'RELOAD_FAILED', message: 'no such file' },
} as const

describe('the past that a successor gets', () => {
  it('is read as it was', () => {
    const past = { exits: new Map([['web', exits(3)]]), lastReload }
    expect(readPast(writePast(past))).toEqual(past)
    expect(readPast(writePast({ exits: new Map(), lastReload: null }))).toEqual(readPast(undefined))
  })

  it('has the newest 50 exits of all groups, with what fits of their reasons', () => {
    const many = new Map(['a', 'b', 'c', 'd'].map(group => [group, exits(20, 'x'.repeat(10_000))] as const))
    const text = writePast({ exits: many, lastReload: null })
    const kept = [...readPast(text).exits.values()]
    expect(kept.flat()).toHaveLength(50)
    expect(kept.map(([first]) => first?.age)).toEqual([20, 20, 20, 20])
    expect(text.length).toBeLessThan(64 * 1_024)
  })

  it('leaves the exits out where even these are too long for the environment', () => {
    const past = { exits: new Map([['web', exits(50, '\u0001'.repeat(300))]]), lastReload }
    expect(readPast(writePast(past))).toEqual({ exits: new Map(), lastReload })
  })

  it.each(['', '{}', '{"exits":[["web",[{}]]],"lastReload":null}'])('is none where %j says it', text => {
    expect(readPast(text)).toEqual(readPast(undefined))
  })
})
