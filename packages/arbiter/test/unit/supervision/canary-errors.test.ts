import { describe, expect, it } from 'vitest'
import {
  canaryProblem,
  noOutcomes,
  nothingCompared,
  outcomesOf,
} from '../../../src/supervision/canary-errors.js'
import { noteOutcomes } from '../../../src/supervision/rollout-events.js'
import type { ArbiterState, Rollout } from '../../../src/supervision/state.js'
import { endedSample } from './build-sample.js'
import { buildState, policy, web } from './build-state.js'

describe('the requests of a new generation', () => {
  it('are no reason to go back as long as they fail by no more than the setting allows', () => {
    const old = { ended: 1_000, failed: 20 }
    expect(canaryProblem({ fresh: { ended: 100, failed: 7 }, old }, 0.05)).toBeUndefined()
    expect(canaryProblem({ fresh: { ended: 100, failed: 8 }, old }, 0.05)).toContain('8 % (8 of 100)')
  })

  it('are compared with nothing where the old generation has none', () => {
    expect(canaryProblem({ fresh: { ended: 10, failed: 5 }, old: noOutcomes }, 0.4)).toContain(
      '50 % (5 of 10), against 0 % (0 of 0)',
    )
  })

  it('are chance when fewer than 5 have failed', () => {
    expect(canaryProblem({ fresh: { ended: 4, failed: 4 }, old: noOutcomes }, 0.01)).toBeUndefined()
  })

  it('may all fail where the setting is off', () => {
    expect(canaryProblem({ fresh: { ended: 50, failed: 50 }, old: noOutcomes }, 0)).toBeUndefined()
  })
})

describe('what is compared', () => {
  const rollout = (phase: Rollout['phase']): Rollout => ({
    generation: 2,
    policy,
    phase,
    failures: 0,
    servingSince: undefined,
    compared: nothingCompared,
    left: 0,
    isDone: false,
  })
  const tell = (state: ArbiterState, age: number, codes: Parameters<typeof endedSample>[0]): void => {
    const row = state.table.get(age)
    if (row) noteOutcomes(state, row, outcomesOf(endedSample(codes).ended))
  }

  it('is what has ended on both sides since the new worker is to serve beside the old ones', () => {
    const state = buildState({}, [{ state: 'serving' }, { state: 'serving', generation: 2 }])
    tell(state, 1, { '2xx': 1_000, '5xx': 900 })
    web(state).rollout = rollout('canary')
    tell(state, 1, { '2xx': 1_010, '5xx': 900 })
    web(state).rollout = rollout('proving')
    tell(state, 1, { '2xx': 1_030, '5xx': 901, aborted: 4 })
    tell(state, 2, { '2xx': 7, '5xx': 3 })
    tell(state, 2, { '2xx': 8, '5xx': 4 })
    expect(web(state).rollout?.compared).toEqual({
      fresh: { ended: 12, failed: 4 },
      old: { ended: 25, failed: 1 },
    })
  })

  it('is nothing of totals that go back', () => {
    const state = buildState({}, [{ state: 'serving', generation: 2 }])
    web(state).rollout = rollout('proving')
    tell(state, 1, { '5xx': 9 })
    tell(state, 1, { '5xx': 2 })
    expect(web(state).rollout?.compared.fresh).toEqual({ ended: 9, failed: 9 })
  })
})
