import { seeded } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { ConnectionSet } from '../../src/connection/connection-set.js'
import { chooseToShed } from '../../src/connection/shed.js'

test('it has what was added and not deleted, in whatever order', () => {
  const set = new ConnectionSet<{ place: number }>()
  const expected = new Set<{ place: number }>()
  const seed = Number(process.env.SEED ?? 1)
  console.log(`SEED=${seed}`)
  const random = seeded(seed)
  for (let step = 0; step < 1_000; step += 1) {
    const members = [...expected]
    const chosen = members[Math.floor(random() * members.length)]
    if (chosen !== undefined && random() < 0.5) {
      set.delete(chosen)
      expected.delete(chosen)
    } else {
      const member = { place: -1 }
      set.add(member)
      expected.add(member)
    }
    expect(set.size).toBe(expected.size)
  }
  expect(new Set(set)).toEqual(expected)
})

test('those with the most in flight are shed first, and those that were before count', () => {
  const connections = [0, 2, 1].map(load => ({ load, isShed: false }))
  const choose = (count: number) =>
    chooseToShed(connections, count, ({ load }) => load).map(({ load }) => load)
  expect(choose(1)).toEqual([2])
  expect(choose(1)).toEqual([])
  expect(choose(3)).toEqual([1, 0])
})
