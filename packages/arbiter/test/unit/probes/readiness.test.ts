import { describe, expect, it } from 'vitest'
import { readinessOf } from '../../../src/probes/readiness.js'
import { beginRollout } from '../../../src/supervision/rollout-events.js'
import { createGroup } from '../../../src/supervision/state.js'
import { addGroup, buildState, now, policy, type RowSketch, web } from '../supervision/build-state.js'

const reason = { kind: 'stop', text: 'the server stops' } as const
const drain = { reason, at: now, deadline: now }
const killed = { reason, at: now }

describe('a group of workers that stay', () => {
  it.each<readonly [string, readonly RowSketch[], boolean]>([
    ['serves with one of two workers', [{ state: 'serving' }, { state: 'booting' }], true],
    ['serves with a worker that was told to', [{ state: 'promoting' }], true],
    ['does not serve with one in standby', [{ state: 'standby' }], false],
    ['does not serve with one that drains', [{ state: 'draining', drain }], false],
    ['does not serve with one that is being killed', [{ state: 'serving', killed }], false],
    ['does not serve with one that is silent for too long', [{ state: 'serving', abortedAt: now }], false],
    ['does not serve without a worker', [], false],
  ])('%s', (_what, rows, isReady) => {
    const expected = isReady ? { isReady } : { isReady, reason: 'no-workers', groups: ['web'] }
    expect(readinessOf(buildState({}, rows))).toEqual(expected)
  })

  it('is starting until it was ready once', () => {
    const state = buildState({}, [{ state: 'booting' }])
    web(state).wasReady = false
    expect(readinessOf(state)).toEqual({ isReady: false, reason: 'starting' })
  })
})

describe('a group of workers that leave after each request', () => {
  it.each<readonly [string, readonly RowSketch[], boolean]>([
    ['serves with one in standby', [{ state: 'draining', drain }, { state: 'standby' }], true],
    ['serves with one that boots', [{ state: 'draining', drain }, { state: 'booting' }], true],
    ['does not serve with none to come', [{ state: 'draining', drain }], false],
  ])('%s', (_what, rows, isReady) => {
    expect(readinessOf(buildState({ spares: 1 }, rows)).isReady).toBe(isReady)
  })

  it('does not serve while its workers fail to boot', () => {
    const state = buildState({ spares: 1 }, [{ state: 'booting' }])
    web(state).budget = { failures: 1, notBefore: 0 }
    expect(readinessOf(state).isReady).toBe(false)
  })
})

describe('the server', () => {
  it('is not ready from the moment it is told to stop, although it goes on serving', () => {
    const state = buildState({}, [{ state: 'serving' }])
    state.stop = { mode: 'graceful', drainAt: now + 60_000, reason }
    expect(readinessOf(state)).toEqual({ isReady: false, reason: 'stopping' })
  })

  it('is not ready while it is parked', () => {
    const state = buildState({}, [{ state: 'serving' }])
    state.isParked = true
    expect(readinessOf(state)).toEqual({ isReady: false, reason: 'parked' })
  })

  it('is not ready when one of its groups is not', () => {
    const state = buildState({}, [{ state: 'serving' }])
    addGroup(state, { ...createGroup('api', policy, 1), wasReady: true })
    expect(readinessOf(state)).toEqual({ isReady: false, reason: 'no-workers', groups: ['api'] })
  })

  it('does not wait for a group that a reload brings and has not begun, nor for one that it takes away', () => {
    const state = buildState({}, [{ state: 'serving' }])
    addGroup(state, { ...createGroup('old', policy, 1), wasReady: true })
    state.leaving = new Set(['old'])
    beginRollout(state, 2, new Map([['new', policy]]))
    expect(readinessOf(state)).toEqual({ isReady: true })
  })

  it('is ready during a reload', () => {
    const state = buildState({}, [{ state: 'serving' }])
    beginRollout(state, 2, new Map([['web', policy]]))
    expect(readinessOf(state)).toEqual({ isReady: true })
  })
})
