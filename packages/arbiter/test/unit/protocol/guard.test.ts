import { expect, test } from 'vitest'
import { parseFromHost } from '../../../src/protocol/guard.js'
import { noRequests } from '../../../src/protocol/request-figures.js'
import { buildSample } from '../arbiter/build-sample.js'

test('takes a heartbeat as a host sends it', () => {
  const message = { type: 'heartbeat', sample: buildSample({ eventLoopDelayP99Ms: 3 }) }
  expect(parseFromHost(message)).toEqual(message)
})

test('takes the last figures with the end of a worker', () => {
  const message = { type: 'drained', ended: noRequests }
  expect(parseFromHost(message)).toEqual(message)
})

const wrong: readonly (readonly [string, unknown])[] = [
  ['too few classes', { ...noRequests, codes: [1] }],
  ['too many buckets', { ...noRequests, latency: [...noRequests.latency, 1] }],
  ['a negative count', { ...noRequests, codes: noRequests.codes.map(() => -1) }],
  ['a count that is no number', { ...noRequests, codes: noRequests.codes.map(() => '1') }],
  ['an endless sum', { ...noRequests, latencySumMs: Number.POSITIVE_INFINITY }],
  ['nothing', undefined],
]

for (const [what, ended] of wrong)
  test(`refuses figures with ${what}`, () => {
    expect(parseFromHost({ type: 'drained', ended })).toBeUndefined()
    expect(parseFromHost({ type: 'heartbeat', sample: { ...buildSample(), ended } })).toBeUndefined()
  })
