import type { GroupStatus, ServerStatus } from '@tunicorn/arbiter/control'
import { describe, expect, it } from 'vitest'
import { type Sample, trafficOf, withSample } from '../../../src/top/traffic.js'
import { status, worker } from '../statuses.js'

const bounds = [0.005, 0.1, 1]

function sample(at: number, changes: Partial<GroupStatus>, startedAt = status.arbiter.startedAt): Sample {
  const [group] = status.groups
  if (!group) throw new Error('there is no group')
  const arbiter: ServerStatus['arbiter'] = { ...status.arbiter, startedAt }
  return { at, status: { ...status, arbiter, groups: [{ ...group, ...changes }] } }
}

const webOf = (samples: readonly Sample[]): unknown => trafficOf(samples).groups.get('web')

describe('what two statuses tell', () => {
  it('is how much is done per second between the first and the last, and the buckets of the percentiles', () => {
    const before = sample(1_000, { durations: { bounds, counts: [1_000, 1_000, 0, 0] } })
    const after = sample(3_000, { durations: { bounds, counts: [1_010, 1_089, 1, 0] } })
    expect(webOf([before, sample(2_000, {}), after])).toEqual({
      perSecond: 50,
      p50: '≤ 100 ms',
      p99: '≤ 100 ms',
    })
    const slow = sample(3_000, { durations: { bounds, counts: [1_098, 1_000, 0, 2] } })
    expect(webOf([before, slow])).toEqual({ perSecond: 50, p50: '≤ 5 ms', p99: '> 1 s' })
  })

  it('has no percentiles where nothing has ended, and no rate where the server does not tell', () => {
    const durations = { bounds, counts: [7, 0, 0, 0] }
    expect(webOf([sample(0, { durations }), sample(1_000, { durations })])).toEqual({ perSecond: 0 })
    const unknown = { durations: { bounds: [], counts: [] } }
    expect(webOf([sample(0, unknown), sample(1_000, unknown)])).toEqual({})
    expect(webOf([sample(0, { durations })])).toBeUndefined()
  })

  it('counts the requests of each worker, of a new one from its beginning', () => {
    const before = sample(0, { workers: [worker({ age: 1, requests: 100 })] })
    const after = sample(2_000, {
      workers: [worker({ age: 1, requests: 120 }), worker({ age: 2, requests: 6 })],
    })
    expect([...trafficOf([before, after]).workers]).toEqual([
      [1, 10],
      [2, 3],
    ])
  })

  it('looks back five seconds, and not at another arbiter', () => {
    const samples = [0, 1_000, 6_000].map(at => sample(at, {}))
    const kept = samples.reduce<readonly Sample[]>(withSample, [])
    expect(kept.map(({ at }) => at)).toEqual([1_000, 6_000])
    const other = sample(7_000, {}, '2030-01-01T11:59:59.000Z')
    expect(withSample(kept, other)).toEqual([other])
  })
})
