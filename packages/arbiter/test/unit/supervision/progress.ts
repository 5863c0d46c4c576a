/** From every small state, with workers that do what they are told, supervision gets where it wants to go. */
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { nothingCompared } from '../../../src/supervision/canary-errors.js'
import { applyMessage, commit } from '../../../src/supervision/events.js'
import { applyExit } from '../../../src/supervision/exit-events.js'
import { reconcile } from '../../../src/supervision/reconcile.js'
import { type ArbiterState, wantedWorkers } from '../../../src/supervision/state.js'
import type { WorkerRow } from '../../../src/supervision/worker-table.js'
import { buildState, now, policy, type RowSketch, web } from './build-state.js'

const retire = { kind: 'max-requests', text: 'enough' } as const

const sketches: readonly RowSketch[] = [1, 2].flatMap(generation => [
  { generation, state: 'booting' as const },
  { generation, state: 'promoting' as const },
  ...(['standby', 'serving'] as const).flatMap(state => [
    { generation, state },
    { generation, state, retire },
  ]),
])

/** Every choice of up to `most` workers. */
function crews(most: number, from = 0): readonly (readonly RowSketch[])[] {
  if (most === 0) return [[]]
  const longer = sketches
    .slice(from)
    .flatMap((sketch, index) => crews(most - 1, from + index).map(others => [sketch, ...others]))
  return [[], ...longer]
}

const policies = [1, 2].flatMap(workers =>
  [0, 1, 2].flatMap(spares =>
    [1, 2].flatMap(maxSurge =>
      [false, true].map(isExclusive => ({ ...policy, workers, spares, maxSurge, isExclusive })),
    ),
  ),
)

/** The next thing that happens to a worker; `false`: nothing does. */
function advance(state: ArbiterState, row: WorkerRow): boolean {
  if (row.drain || row.killed) {
    applyExit(state, row, { code: 0, signal: null }, now, 0)
    return true
  }
  const type = row.state === 'booting' ? 'booted' : row.state === 'promoting' ? 'serving' : undefined
  if (type) applyMessage(state, row, { type }, now)
  return type !== undefined
}

/** Lets the server run until nothing happens any more. `atOnce`: how many workers act between two decisions. */
function settle(state: ArbiterState, atOnce: number): void {
  for (let turn = 0; turn < 100; turn += 1) {
    for (let round = 0; ; round += 1) {
      const actions = reconcile(state, now)
      if (actions.length === 0) break
      if (round >= 50) throw new Error('it decides for ever')
      for (const action of actions) {
        commit(state, action, now)
        if (action.type === 'spawn') state.table.register(action, now)
      }
    }
    const acting = state.table.rows().filter(row => row.drain || ['booting', 'promoting'].includes(row.state))
    if (acting.length === 0) return
    for (const row of acting.slice(0, atOnce)) advance(state, row)
  }
  throw new Error('it never settles')
}

export const phases = ['none', 'canary', 'proving', 'rolling'] as const

/** Of every state with up to so many workers. */
export function checkProgress(phase: (typeof phases)[number], most: number): void {
  for (const sketch of policies)
    for (const crew of crews(most))
      for (const [atOnce, isParked] of [
        [1, false],
        [100, false],
        [1, true],
      ] as const) {
        // A canary is not promoted before the rollout rolls.
        if (
          phase === 'canary' &&
          crew.some(({ generation, state }) => generation === 2 && !['booting', 'standby'].includes(state))
        )
          continue
        const state = buildState(sketch, crew)
        const group = web(state)
        state.isParked = isParked
        // Of a window that is not over nothing would come: time stands still here.
        const canaryMs = phase === 'proving' ? 1_000 : 0
        const servingSince = now - canaryMs
        if (phase !== 'none')
          group.rollout = {
            generation: 2,
            policy: { ...sketch, canaryMs },
            phase,
            failures: 0,
            servingSince,
            compared: nothingCompared,
            left: 0,
            isDone: false,
          }
        settle(state, atOnce)
        const rows = state.table.rows()
        const seen = {
          serving: rows.filter(row => row.state === 'serving').length,
          standby: rows.filter(row => row.state === 'standby').length,
          others: rows.filter(row => row.generation !== group.generation || row.retire).length,
          generation: group.generation,
          rollout: group.rollout,
          slots: rows.map(({ slot }) => slot).toSorted(),
        }
        const expected = {
          serving: wantedWorkers(state, group),
          standby: isParked ? 0 : sketch.spares,
          others: 0,
          generation: phase === 'none' ? 1 : 2,
          rollout: undefined,
          slots: isParked ? [] : [...Array(wantedWorkers(state, group) + sketch.spares).keys()],
        }
        // `expect` takes longer than all of the above.
        if (!isDeepStrictEqual(seen, expected))
          expect(seen, JSON.stringify({ sketch, crew, atOnce, isParked })).toEqual(expected)
      }
}
