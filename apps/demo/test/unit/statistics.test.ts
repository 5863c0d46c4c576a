import { expect, test } from 'vitest'
import { type Outcome, Statistics } from '../../src/load/statistics.js'

function statisticsOf(outcomes: readonly Partial<Outcome>[]): Statistics {
  const statistics = new Statistics('web')
  for (const outcome of outcomes) statistics.add({ work: 'fast', endedMs: 100, tookMs: 1, ...outcome })
  return statistics
}

test('the percentiles are those of the fast requests, by nearest rank', () => {
  const fast = Array.from({ length: 200 }, (_, index) => ({ pid: 1, tookMs: index + 1 }))
  const { latency } = statisticsOf([...fast, { work: 'cpu', pid: 1, tookMs: 9_999 }]).summary()
  expect(latency).toEqual({ p50Ms: 100, p99Ms: 198 })
})

test('without a fast request they are those of all', () => {
  const { latency } = statisticsOf([{ work: 'io', pid: 1, tookMs: 103 }]).summary()
  expect(latency).toEqual({ p50Ms: 103, p99Ms: 103 })
})

test('what is lost on purpose is no failure, and processes are counted once', () => {
  const summary = statisticsOf([
    { pid: 1 },
    { pid: 2 },
    { pid: 2 },
    {},
    { work: 'crash' },
    { work: 'block' },
  ]).summary()
  expect(summary).toMatchObject({ answered: 3, processes: 2, failed: 1, lost: 2 })
})

test('without an answer there is no latency', () => {
  expect(statisticsOf([{}]).summary()).not.toHaveProperty('latency')
  expect(statisticsOf([]).sample(0)).toEqual({ type: 'sample', lane: 'web', atMs: 0, answersPerSecond: 0 })
})

test('a sample looks back one second, or to the beginning', () => {
  const statistics = statisticsOf([
    { pid: 1, endedMs: 100 },
    { pid: 1, endedMs: 400 },
    { pid: 1, endedMs: 1_600, tookMs: 7 },
    { endedMs: 1_700 },
  ])
  expect(statistics.sample(500).answersPerSecond).toBe(6)
  expect(statistics.sample(2_000)).toMatchObject({ answersPerSecond: 1, latency: { p50Ms: 7, p99Ms: 7 } })
})
