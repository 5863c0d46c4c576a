import { expect, it } from 'vitest'
import { ThreadMetrics } from '../../../src/host/thread-metrics.js'

function said(value: number, type = 'counter'): string {
  const metric = { name: type, help: 'H.', type, aggregator: 'sum', values: [{ value, labels: {} }] }
  return JSON.stringify([metric])
}

async function valuesOf(metrics: ThreadMetrics): Promise<readonly (number | null)[]> {
  return (await metrics.getMetricsAsJSON()).flatMap(({ values }) => values.map(({ value }) => value))
}

it('the metrics of threads are what each has said last', async () => {
  const metrics = new ThreadMetrics()
  const [one, other] = [{}, {}]
  metrics.told(one, said(1))
  metrics.told(other, said(5, 'gauge'))
  metrics.told(one, said(3))
  expect(await valuesOf(metrics)).toEqual([3, 5])
})

it('what ended threads have counted stays, as one sum, and their gauges go', async () => {
  const metrics = new ThreadMetrics()
  for (let count = 1; count <= 100; count += 1) {
    const thread = {}
    metrics.told(thread, said(2))
    metrics.ended(thread)
  }
  const last = {}
  metrics.told(last, said(7, 'gauge'))
  metrics.ended(last)
  metrics.ended({})
  expect(await valuesOf(metrics)).toEqual([200])
})

it('a thread that says something else says nothing', async () => {
  const metrics = new ThreadMetrics()
  metrics.told({}, '[{"name":"no metric"}]')
  metrics.told({}, 'no JSON')
  expect(await valuesOf(metrics)).toEqual([])
})
