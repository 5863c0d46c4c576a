import type { ServerStatus, WorkerEvent } from '@tunicorn/arbiter/control'
import { expect, test } from 'vitest'
import { applyEvent } from '../../src/page/apply-event.js'
import { at, exitOf, groupOf, statusOf } from './statuses.js'

const status = statusOf([groupOf({ name: 'web' }), groupOf({ name: 'isolated' })])
const spawned: WorkerEvent = {
  type: 'worker',
  at,
  group: 'isolated',
  age: 7,
  generation: 0,
  slot: 0,
  pid: 70,
  from: null,
  state: 'booting',
  reason: null,
}

test('events count once there was a whole status', () => {
  expect(applyEvent(undefined, spawned)).toBeUndefined()
  expect(applyEvent(undefined, { type: 'status', at, status })).toBe(status)
})

test('a worker appears, changes its state and goes, in its group alone', () => {
  const born = applyEvent(status, spawned)
  expect(born?.groups[1]?.workers).toMatchObject([{ age: 7, pid: 70, state: 'booting', inFlight: 0 }])
  expect(born?.groups[0]).toEqual(status.groups[0])

  const serving = applyEvent(born, { ...spawned, from: 'booting', state: 'serving' })
  expect(serving?.groups[1]?.workers).toMatchObject([{ age: 7, state: 'serving' }])

  const gone = applyEvent(serving, { type: 'exit', at, group: 'isolated', exit: exitOf(7) })
  expect(gone?.groups[1]).toMatchObject({ workers: [], exits: [{ age: 7 }] })
})

test('the newest exit comes first, and the oldest are forgotten', () => {
  let now: ServerStatus | undefined = status
  for (let age = 1; age <= 30; age++)
    now = applyEvent(now, { type: 'exit', at, group: 'isolated', exit: exitOf(age) })
  const ages = now?.groups[1]?.exits.map(exit => exit.age)
  expect(ages).toHaveLength(20)
  expect(ages?.slice(0, 2)).toEqual([30, 29])
})

test('a reload and a change of target are taken over', () => {
  expect(applyEvent(status, { type: 'reload-done', at, generation: 3 })?.arbiter.generation).toBe(3)
  const scaled = applyEvent(status, { type: 'target', at, group: 'web', from: 2, to: 3 })
  expect(scaled?.groups[0]?.target).toBe(3)
})
