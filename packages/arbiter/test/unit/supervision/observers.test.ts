import { describe, expect, it } from 'vitest'
import { Observers } from '../../../src/supervision/observers.js'
import type { Writable } from '../../../src/supervision/state.js'
import { type WorkerRow, WorkerTable } from '../../../src/supervision/worker-table.js'
import { silentLog } from './silent-log.js'

describe('observers of the arbiter', () => {
  it('are told of every state of a worker once', () => {
    const told: string[] = []
    const observers = new Observers()
    observers.add({ workerChanged: (row, from) => told.push(`${row.age} ${from} ${row.state}`) })
    const row: Writable<WorkerRow> = new WorkerTable().register({ group: 'web', generation: 0, slot: 0 }, 0)
    observers.saw(row)
    observers.saw(row)
    row.state = 'standby'
    observers.saw(row)
    expect(told).toEqual(['1 undefined booting', '1 booting standby'])
  })

  it('cannot harm the arbiter or each other, and their failure is logged', () => {
    const logged: string[] = []
    const told: number[] = []
    const observers = new Observers()
    observers.logTo({ ...silentLog, error: (_message, fields) => logged.push(String(fields?.error)) })
    observers.add({
      targetChanged() {
        throw new Error('on purpose')
      },
    })
    observers.add({ targetChanged: (_group, _from, to) => told.push(to) })
    observers.targetChanged('web', 1, 2)
    expect(told).toEqual([2])
    expect(logged).toEqual(['Error: on purpose'])
  })
})
