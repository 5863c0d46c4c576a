import { expect, it } from 'vitest'
import type { ListedMetric } from '../../../src/metrics/listed-metric.js'
import { StatsdSamples } from '../../../src/metrics/statsd-samples.js'

const counter = (value: number, name = 'hits_total'): ListedMetric => ({
  name,
  type: 'counter',
  help: '',
  values: [{ labels: { group: 'a' }, value }],
})
const gauge: ListedMetric = { name: 'size', type: 'gauge', help: '', values: [{ labels: {}, value: 0 }] }

it('a counter is sent as what it has grown by, and not when it has not; a gauge always', () => {
  const samples = new StatsdSamples()
  const grown = (...metrics: readonly ListedMetric[]): readonly (readonly [string, number])[] =>
    samples.next(metrics).map(({ name, value }) => [name, value])
  expect(grown(counter(3), gauge)).toEqual([
    ['hits_total', 3],
    ['size', 0],
  ])
  expect(grown(counter(3), gauge)).toEqual([['size', 0]])
  expect(grown(counter(5))).toEqual([['hits_total', 2]])
})

it('a group that was away begins anew, and what the kernel has counted before is not counted', () => {
  const samples = new StatsdSamples()
  const grown = (metric: ListedMetric): readonly number[] => samples.next([metric]).map(({ value }) => value)
  expect(grown(counter(9))).toEqual([9])
  expect(grown(counter(2))).toEqual([2])
  const kernel = 'tunicorn_listen_overflows_total'
  expect(grown(counter(100, kernel))).toEqual([])
  expect(grown(counter(101, kernel))).toEqual([1])
})

it('each part of a histogram is counted under its name', () => {
  const labels = { le: '1' }
  const values = [
    { metricName: 'time_bucket', labels, value: 2 },
    { metricName: 'time_sum', labels: {}, value: 0.5 },
  ]
  expect(new StatsdSamples().next([{ name: 'time', type: 'histogram', help: '', values }])).toEqual([
    { type: 'count', name: 'time_bucket', labels, value: 2 },
    { type: 'count', name: 'time_sum', labels: {}, value: 0.5 },
  ])
})
