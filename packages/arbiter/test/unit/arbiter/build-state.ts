/** States for tests, written as what matters in them. */
import {
  type ArbiterState,
  createGroup,
  createState,
  type GroupPolicy,
  type GroupState,
} from '../../../src/arbiter/state.js'
import type { WorkerRow, WorkerState } from '../../../src/arbiter/worker-table.js'

export const policy: GroupPolicy = {
  workers: 2,
  timeoutMs: 30_000,
  bootTimeoutMs: 60_000,
  gracefulTimeoutMs: 30_000,
  maxAgeMs: 0,
  maxRssBytes: 0,
  maxSurge: 1,
  maxUnavailable: 0,
  spares: 0,
  maxBooting: 100,
  canaryMs: 0,
}

export interface RowSketch extends Partial<Omit<WorkerRow, 'age' | 'group' | 'generation'>> {
  readonly state: WorkerState
  readonly generation?: number
}

/** One group named `web` with the given policy and workers, at time 100,000. */
export const now = 100_000

export function buildState(sketch: Partial<GroupPolicy>, rows: readonly RowSketch[]): ArbiterState {
  const state = createState()
  const group = createGroup('web', { ...policy, ...sketch }, 1)
  group.wasReady = true
  state.groups.set('web', group)
  for (const { generation = 1, ...rest } of rows) {
    const row = state.table.register('web', generation, now)
    Object.assign(row, { pid: 1_000 + row.age, servingAt: rest.state === 'serving' ? now : undefined }, rest)
  }
  return state
}

/** The group of `buildState`. */
export function web(state: ArbiterState): GroupState {
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
