import { expect, it } from 'vitest'
import { AppMetricTotals } from '../../../src/metrics/app-metrics.js'

const counter = (value: number | null, over: object = {}): string =>
  JSON.stringify([
    {
      name: 'hits',
      help: 'H.',
      type: 'counter',
      aggregator: 'sum',
      values: [{ value, labels: { a: 'b' } }],
      ...over,
    },
  ])
const linesOf = async (
  totals: AppMetricTotals,
  texts: readonly (string | undefined)[],
): Promise<string[]> => {
  const text = await totals.render(texts.map(each => ({ group: 'web', text: each })))
  return text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
}

it('what workers have counted stays when they end, however many do', async () => {
  const totals = new AppMetricTotals()
  for (let worker = 0; worker < 3; worker += 1) totals.workerEnded('web', counter(5))
  expect(await linesOf(totals, [])).toEqual(['hits{a="b",group="web"} 15'])
  expect(await linesOf(totals, [counter(1), counter(2)])).toEqual(['hits{a="b",group="web"} 18'])
  totals.forgetExcept(new Map())
  expect(await linesOf(totals, [])).toEqual([])
})

it('what a gauge was goes with its worker, and the living are put together as it says', async () => {
  const totals = new AppMetricTotals()
  const gauge = { type: 'gauge', aggregator: 'average' }
  totals.workerEnded('web', counter(100, gauge))
  expect(await linesOf(totals, [counter(1, gauge), counter(2, gauge)])).toEqual([
    'hits{a="b",group="web"} 1.5',
  ])
})

it.each([
  ['nothing', undefined],
  ['no JSON', '{'],
  ['no list', '{}'],
  ['a name that would be another line', counter(1, { name: 'a 1\nb' })],
  [
    'a label that would be another line',
    counter(1, { values: [{ value: 1, labels: { 'x="1"} 5\ny': '' } }] }),
  ],
  ['no such type', counter(1, { type: 'other' })],
  ['a value that is text', counter(1, { values: [{ value: '1', labels: {} }] })],
  ['a name of the arbiter', counter(1, { name: 'tunicorn_requests_total' })],
  ['no number', counter(null)],
])('of %s nothing is shown', async (_what, text) => {
  expect(await linesOf(new AppMetricTotals(), [text])).toEqual([])
})
