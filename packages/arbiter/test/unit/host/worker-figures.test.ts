import { expect, test } from 'vitest'
import type { WorkerStats } from '../../../src/contract/worker-class.js'
import { WorkerFigureReader, type WorkerFigures } from '../../../src/host/worker-figures.js'

function reader(): { readonly warnings: string[]; read(stats: WorkerStats): WorkerFigures } {
  const warnings: string[] = []
  const figures = new WorkerFigureReader(problem => warnings.push(problem))
  return { warnings, read: stats => figures.read(() => stats) }
}

test('takes figures as the class gives them, and nothing for 0', () => {
  const { warnings, read } = reader()
  const stats = { connections: 3, gauges: { queueLength: 0, waitMs: -0.5 } }
  expect(read(stats)).toEqual(stats)
  expect(read({})).toEqual({ connections: 0, gauges: {} })
  expect(warnings).toEqual([])
})

const long = 'a'.repeat(51)

test.each([
  [
    { waiting_requests: 1, queueLength: 2 },
    'not camelCase, or longer than 50 characters: "waiting_requests"',
  ],
  [{ [long]: 1, queueLength: 2 }, `not camelCase, or longer than 50 characters: "${long}"`],
  [{ 'a"}': 1, queueLength: 2 }, 'not camelCase, or longer than 50 characters: "a\\"}"'],
  [{ waitMs: Number.NaN, queueLength: 2 }, 'no finite number: "waitMs"'],
  [{ waitMs: Number.POSITIVE_INFINITY, queueLength: 2 }, 'no finite number: "waitMs"'],
])('leaves out what cannot be shown of %j, and warns once', (gauges, problem) => {
  const { warnings, read } = reader()
  for (let beat = 0; beat < 3; beat += 1) expect(read({ gauges }).gauges).toEqual({ queueLength: 2 })
  expect(warnings).toEqual([problem])
})

test('leaves out what is more than 32 gauges', () => {
  const { warnings, read } = reader()
  const gauges = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`gauge${index}`, index]))
  expect(Object.keys(read({ gauges }).gauges ?? {})).toEqual(Object.keys(gauges).slice(0, 32))
  expect(warnings).toEqual(['33 gauges are more than 32'])
})

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
  '%d connections are not known, with a warning',
  connections => {
    const { warnings, read } = reader()
    expect(read({ connections, gauges: { queueLength: 1 } })).toEqual({ gauges: { queueLength: 1 } })
    expect(warnings).toEqual(['`connections` is no count'])
  },
)

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
  'a load of %d is not known, with a warning, and nothing else is lost',
  load => {
    const { warnings, read } = reader()
    expect(read({ connections: 2, load })).toEqual({ connections: 2, gauges: {} })
    expect(read({ connections: 2, load: 1.5 })).toEqual({ connections: 2, load: 1.5, gauges: {} })
    expect(warnings).toEqual(['`load` is no share'])
  },
)

test('nothing is known of a class whose `stats` throws, or gives nonsense, with a warning', () => {
  const broken = (): never => {
    throw new TypeError('broken')
  }
  for (const stats of [broken, () => JSON.parse('{ "gauges": null }')]) {
    const warnings: string[] = []
    const figures = new WorkerFigureReader(problem => warnings.push(problem))
    for (let beat = 0; beat < 3; beat += 1) expect(figures.read(stats)).toEqual({})
    expect(warnings).toEqual([expect.stringMatching(/^it threw TypeError/)])
  }
})
