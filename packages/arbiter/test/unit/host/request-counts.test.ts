import { expect, test } from 'vitest'
import { refusalReasons } from '../../../src/contract/refusal-reason.js'
import type { RequestOutcome } from '../../../src/contract/request.js'
import { RequestCounts } from '../../../src/host/request-counts.js'
import { latencyBoundsMs, type RequestCode, requestCodes } from '../../../src/protocol/request-figures.js'

const cases: readonly (readonly [RequestOutcome, RequestCode])[] = [
  [{ type: 'sent', status: 101 }, '1xx'],
  [{ type: 'sent', status: 200 }, '2xx'],
  [{ type: 'sent', status: 304 }, '3xx'],
  [{ type: 'sent', status: 404 }, '4xx'],
  [{ type: 'sent', status: 599 }, '5xx'],
  [{ type: 'sent' }, 'none'],
  [{ type: 'sent', status: 99 }, 'none'],
  [{ type: 'sent', status: 600 }, 'none'],
  [{ type: 'sent', status: Number.NaN }, 'none'],
  [{ type: 'aborted' }, 'aborted'],
  [{ type: 'aborted', status: 200 }, 'aborted'],
  [{ type: 'failed' }, '5xx'],
  [{ type: 'failed', status: 200 }, '5xx'],
  [{ type: 'failed', status: 413 }, '4xx'],
  [{ type: 'failed', status: 504 }, '5xx'],
]

for (const [outcome, code] of cases)
  test(`counts ${JSON.stringify(outcome)} as ${code}, once`, () => {
    const counts = new RequestCounts()
    counts.add(outcome, 1)
    expect(counts.figures().codes).toEqual(requestCodes.map(other => (other === code ? 1 : 0)))
  })

test('puts a duration into the first bucket whose bound it does not exceed', () => {
  const counts = new RequestCounts()
  for (const ms of [0, 1, 1.01, 60_000, 60_001, 1e9]) counts.add({ type: 'sent', status: 200 }, ms)
  const { latency } = counts.figures()
  expect(latency.slice(0, 3)).toEqual([2, 1, 0])
  expect(latency.slice(-2)).toEqual([1, 2])
  expect(latency).toHaveLength(latencyBoundsMs.length + 1)
})

test('adds up the durations to the microsecond', () => {
  const counts = new RequestCounts()
  for (let i = 0; i < 1_000; i += 1) counts.add({ type: 'sent', status: 200 }, 0.1)
  expect(counts.figures().latencySumMs).toBe(100)
})

test('leaves upgraded connections out of the latency', () => {
  const counts = new RequestCounts()
  counts.add({ type: 'sent', status: 101 }, 3_600_000)
  counts.add({ type: 'aborted', status: 101 }, 3_600_000)
  const { latency, latencySumMs } = counts.figures()
  expect(latency.every(count => count === 0)).toBe(true)
  expect(latencySumMs).toBe(0)
})

test('counts refusals by their reason', () => {
  const counts = new RequestCounts()
  for (const reason of ['host', 'timeout', 'host'] as const) counts.refuse(reason)
  const { refused } = counts.figures()
  expect(refusalReasons.filter((_, index) => refused[index] !== 0)).toEqual(['host', 'timeout'])
  expect(refused[refusalReasons.indexOf('host')]).toBe(2)
})
