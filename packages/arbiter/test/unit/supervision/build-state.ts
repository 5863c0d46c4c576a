/** States for tests, written as what matters in them. */

import type { GroupPolicy } from '../../../src/supervision/group-policy.js'
import {
  type ArbiterState,
  createGroup,
  createState,
  type GroupState,
  type Writable,
} from '../../../src/supervision/state.js'
import type { WorkerRow, WorkerState } from '../../../src/supervision/worker-table.js'

export const policy: GroupPolicy = {
  workers: 2,
  timeoutMs: 30_000,
  bootTimeoutMs: 60_000,
  gracefulTimeoutMs: 30_000,
  maxAgeMs: 0,
  maxRssBytes: 0,
  maxSurge: 1,
  maxProcesses: Number.POSITIVE_INFINITY,
  maxRestarts: Number.POSITIVE_INFINITY,
  restartWindowMs: 60_000,
  maxUnavailable: 0,
  spares: 0,
  maxBooting: 100,
  canaryMs: 0,
  canaryMaxErrors: 0,
  isExclusive: false,
  autoscale: undefined,
}

export interface RowSketch extends Partial<Omit<WorkerRow, 'age' | 'group' | 'generation'>> {
  readonly state: WorkerState
  readonly generation?: number
}

/** One group named `web` with the given policy and workers, at time 100,000. */
export const now = 100_000

export function buildState(sketch: Partial<GroupPolicy>, rows: readonly RowSketch[]): Writable<ArbiterState> {
  const state = createState()
  addGroup(state, { ...createGroup('web', { ...policy, ...sketch }, 1), wasReady: true, hasServed: true })
  for (const row of rows) addRow(state, row)
  return state
}

/** A worker of the group `web`. Unless it is said, it has the next slot of its generation. */
export function addRow({ table }: ArbiterState, { generation = 1, ...rest }: RowSketch): void {
  const slot = table.rows().filter(row => row.generation === generation).length
  const row = table.register({ group: 'web', generation, slot }, now)
  Object.assign(row, { pid: 1_000 + row.age, servingAt: rest.state === 'serving' ? now : undefined }, rest)
}

export function addGroup(state: Writable<ArbiterState>, group: GroupState): void {
  state.groups = new Map(state.groups).set(group.name, group)
}

/** The group of `buildState`. */
export function web(state: ArbiterState): Writable<GroupState> {
  const group = state.groups.get('web')
  if (!group) throw new Error('the state has no group')
  return group
}

/** Actions as short words: `drain 2`, `spawn 1`. */
export function words(actions: readonly { readonly type: string }[]): readonly string[] {
  return actions.map(action => {
    if ('generation' in action) return `${action.type} ${action.generation}`
    return 'age' in action ? `${action.type} ${action.age}` : action.type
  })
}
