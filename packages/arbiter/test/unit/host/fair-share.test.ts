import { expect, test } from 'vitest'
import { excess, fairShare } from '../../../src/host/fair-share.js'

const nobody = new Map<number, number>()

/** By seat: connections, and `undefined` where nobody accepts. */
function seats(...connections: readonly (number | undefined)[]): Int32Array {
  return Int32Array.from(connections, count => (count === undefined ? 0 : count + 1))
}

test.each([
  { held: [0, 0], own: 0, share: 1 },
  { held: [5, 3], own: 0, share: 4 },
  { held: [5, 3, 1], own: 0, share: 2 },
  { held: [3, 40], own: 0, share: 46 },
  { held: [9, undefined], own: 0, share: Number.POSITIVE_INFINITY },
  { held: [9, undefined, 2], own: 0, share: 3 },
])('beside others that hold $held a worker may hold $share', ({ held, own, share }) => {
  expect(fairShare({ seats: seats(...held), own, passed: nobody })).toBe(share)
})

test('a worker that left connections to others is not waited for until it shows a sign of life', () => {
  const passed = new Map([[1, 1]])
  expect(fairShare({ seats: seats(9, 0, 7), own: 0, passed })).toBe(8)
  expect(fairShare({ seats: seats(9, 1, 7), own: 0, passed })).toBe(2)
})

test.each([
  { held: [8, 0], count: 4 },
  { held: [5, 3], count: 0 },
  { held: [6, 2], count: 2 },
  { held: [18, 14], count: 0 },
  { held: [100, 20, 30], count: 50 },
  { held: [100, undefined], count: 0 },
  { held: [0, 8], count: 0 },
])('of $held the first has $count too many', ({ held, count }) => {
  expect(excess({ seats: seats(...held), own: 0, passed: nobody })).toBe(count)
})
