import { describe, expect, it } from 'vitest'
import { History } from '../../../src/control/history.js'
import { readPast } from '../../../src/control/past.js'
import { WorkerTable } from '../../../src/supervision/worker-table.js'

function rig() {
  let now = 1_000
  const table = new WorkerTable()
  const history = new History(
    () => now,
    () => {},
    readPast(undefined),
  )
  const end = (level: 'info' | 'error'): void => {
    now += 1_000
    history.exited(table.register({ group: 'web', generation: 0, slot: 0 }, 0), {
      kind: 'exited',
      text: 'ended',
      level,
    })
  }
  return { history, end, ages: () => history.exits('web').map(({ age }) => age) }
}

describe('the history', () => {
  it('keeps the last 20 exits of a group, newest first', () => {
    const { end, ages } = rig()
    for (let count = 0; count < 25; count += 1) end('error')
    expect(ages()).toEqual(Array.from({ length: 20 }, (_, index) => 25 - index))
  })

  it('keeps a crash in view when workers come and go with the requests', () => {
    const { history, end, ages } = rig()
    end('error')
    for (let count = 0; count < 1_000; count += 1) end('info')
    expect(ages()).toHaveLength(20)
    expect(history.exits('web').at(-1)).toMatchObject({ age: 1, isOrderly: false })
    expect(ages()[0]).toBe(1_001)
  })

  it('forgets groups that are gone', () => {
    const { history, end, ages } = rig()
    end('info')
    history.forgetExcept(new Map([['web', true]]))
    expect(ages()).toEqual([1])
    history.forgetExcept(new Map())
    expect(ages()).toEqual([])
  })
})
