import { expect, test } from 'vitest'
import { summarizeGrowth } from '../../src/growth.js'
import type { IdleCost } from '../../src/idle-cost.js'

const cost: IdleCost = {
  arbiterPercent: 0.1,
  workersPercent: 0.2,
  arbiterMegabytes: 50,
  workersMegabytes: 40,
  kilobytesPerSecond: 0.3,
  statusMs: 200,
  metricsMs: 2,
}
const times = (factor: number): IdleCost => ({
  ...cost,
  arbiterPercent: 0.1 * factor,
  workersMegabytes: 40 * factor,
})

test('costs that grow with the size are what was aimed at', () => {
  const steps = [1, 4, 8].map(size => ({ size, cost: times(size) }))
  const measurement = summarizeGrowth(steps, { unit: 'workers', maxArbiterPercent: 1 })
  expect(measurement).toMatchObject({
    baseline: '1: arbiter 0.10 %, 50 MB',
    tunicorn: '8: arbiter 0.80 %, 50 MB',
    result: expect.stringContaining('× 1.00 of linear'),
    isReached: true,
  })
  expect(measurement.steps?.map(([size]) => size)).toEqual(['workers', '1', '4', '8'])
})

test('one figure that grows faster than the size misses the target, and is named', () => {
  const steps = [
    { size: 1, cost },
    { size: 2, cost: { ...cost, statusMs: 200 } },
    { size: 4, cost: { ...cost, statusMs: 600 } },
  ]
  expect(summarizeGrowth(steps, { unit: 'groups' })).toMatchObject({
    result: 'largest step × 1.50 of linear: `ctl status`, 2 to 4',
    isReached: false,
  })
})

test('an arbiter that takes as much as it may not misses the target, however it came to that', () => {
  const steps = [1, 64].map(size => ({ size, cost: { ...cost, arbiterPercent: 1 } }))
  expect(summarizeGrowth(steps, { unit: 'workers', maxArbiterPercent: 1 }).isReached).toBe(false)
})
