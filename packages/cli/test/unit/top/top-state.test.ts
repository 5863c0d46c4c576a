import type { ServerStatus, WorkerStatus } from '@tunicorn/arbiter/control'
import { describe, expect, it } from 'vitest'
import { firstState, pressed, sampled, type TopState } from '../../../src/top/top-state.js'
import { status, worker } from '../statuses.js'

function statusWith(workers: readonly WorkerStatus[]): ServerStatus {
  const [web, api] = status.groups
  if (!web || !api) throw new Error('there are two groups')
  return {
    ...status,
    groups: [
      { ...web, workers },
      { ...api, workers: [worker({ age: 9, slot: 0 })] },
    ],
  }
}

const three = [
  worker({ age: 1, slot: 0 }),
  worker({ age: 2, slot: 1 }),
  worker({ age: 3, slot: 0, state: 'standby' }),
]
const seen = (state: TopState, workers = three): TopState =>
  sampled(state, { at: state.samples.length * 1_000, status: statusWith(workers) })
const after = (...keys: readonly string[]): TopState =>
  keys.reduce((state, key) => pressed(state, key).state, seen(firstState))

describe('a key', () => {
  it('moves from worker to worker through all groups, and stops at both ends', () => {
    expect(after().selected?.age).toBe(1)
    expect(after('down', 'j').selected).toEqual({ age: 3, group: 'web', slot: 0 })
    expect(after('down', 'down', 'down', 'down').selected).toMatchObject({ age: 9, group: 'api' })
    expect(after('down', 'k', 'up').selected?.age).toBe(1)
  })

  it('is an order about the worker that is selected, or its group', () => {
    const state = after('down')
    expect(pressed(state, 's').order).toEqual({ type: 'stack', worker: 2 })
    expect(pressed(state, 'p').order).toEqual({ type: 'profile', worker: 2 })
    expect(pressed(state, '+').order).toEqual({ type: 'scale', group: 'web', by: 1 })
    expect(pressed(state, '-').order).toEqual({ type: 'scale', group: 'web', by: -1 })
  })

  it('reloads after a question only', () => {
    const asked = pressed(after(), 'r')
    expect(asked.order).toBeUndefined()
    expect(pressed(asked.state, 'y').order).toEqual({ type: 'reload' })
    const no = pressed(asked.state, 'n')
    expect(no.order).toBeUndefined()
    expect(pressed(no.state, 'y').order).toBeUndefined()
  })

  it('leaves, whatever is on the screen; any other one leaves a page', () => {
    for (const key of ['q', 'ctrl-c']) {
      expect(pressed(firstState, key).order).toEqual({ type: 'quit' })
      expect(pressed(after('r'), key).order).toEqual({ type: 'quit' })
      expect(pressed({ ...after(), page: ['a stack'] }, key).order).toEqual({ type: 'quit' })
    }
    const back = pressed({ ...after(), page: ['a stack'] }, 's')
    expect(back).toEqual({ state: after() })
  })

  it('that means nothing, or comes before the server has answered, does nothing', () => {
    expect(pressed(after(), 'x')).toEqual({ state: after() })
    for (const key of ['+', '-', 's', 'p', 'down'])
      expect(pressed(firstState, key)).toEqual({ state: firstState })
  })
})

describe('the worker that is selected', () => {
  it('stays when others come and go, and is followed by the one that takes its slot', () => {
    const second = after('down')
    expect(seen(second, [worker({ age: 2, slot: 1 }), worker({ age: 7, slot: 0 })]).selected?.age).toBe(2)
    expect(seen(second, [worker({ age: 7, slot: 0 }), worker({ age: 8, slot: 1 })]).selected?.age).toBe(8)
    expect(seen(second, [worker({ age: 7, slot: 0 })]).selected?.age).toBe(7)
    expect(seen(second, []).selected?.age).toBe(9)
  })
})
