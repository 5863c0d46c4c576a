import { expect, test } from 'vitest'
import { refusalReasons } from '../../../src/contract/refusal-reason.js'
import { createRequestTotals, RequestDeltas } from '../../../src/metrics/request-deltas.js'
import { noRequests, type RequestFigures } from '../../../src/protocol/request-figures.js'

function figures(successes: number, latencySumMs = 0): RequestFigures {
  return {
    ...noRequests,
    codes: noRequests.codes.map((_, index) => (index === 1 ? successes : 0)),
    latencySumMs,
    refused: refusalReasons.map(() => successes),
  }
}

function totalAfter(...samples: readonly number[]): number {
  const totals = createRequestTotals()
  const deltas = new RequestDeltas()
  for (const sample of samples) deltas.add(figures(sample), totals)
  return totals.codes[1] ?? Number.NaN
}

test('adds what is new since the last message', () => {
  expect(totalAfter(3, 3, 10)).toBe(10)
})

test('adds up the workers of a group', () => {
  const totals = createRequestTotals()
  for (const count of [3, 4]) new RequestDeltas().add(figures(count, 500), totals)
  expect(totals.codes[1]).toBe(7)
  expect(totals.latency.sum).toBe(1)
  expect(new Set(totals.refused)).toEqual(new Set([7]))
})

test('loses nothing when a message is lost', () => {
  expect(totalAfter(1, 9)).toBe(9)
})

test('never decreases and counts nothing twice when a worker goes back', () => {
  expect(totalAfter(10, 2)).toBe(10)
  expect(totalAfter(10, 2, 12)).toBe(12)
})

test('bounds what a worker may claim, and stays a whole number', () => {
  expect(totalAfter(1e300)).toBe(10_000_000)
  expect(totalAfter(1.7)).toBe(1)
  const totals = createRequestTotals()
  new RequestDeltas().add(figures(0, 1e300), totals)
  expect(totals.latency.sum).toBe(1e8)
})
