import { expect, test } from 'vitest'
import { closestName } from '../../../src/modules/closest-name.js'

const names = ['workers', 'workerClass', 'keepAlive', 'timeout']

for (const [given, closest] of [
  ['wrokers', 'workers'],
  ['worker-class', 'workerClass'],
  ['KEEPALIVE', 'keepAlive'],
  ['timeouts', 'timeout'],
  ['bind', undefined],
  ['x', undefined],
] as const)
  test(`\`${given}\` probably means ${closest ?? 'nothing known'}`, () => {
    expect(closestName(given, names)).toBe(closest)
  })

test('nothing is close when there are no names', () => {
  expect(closestName('workers', [])).toBeUndefined()
})
