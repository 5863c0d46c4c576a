/** How groups come into the state, leave, and are forgotten. No I/O. */

import type { GroupPolicy } from './group-policy.js'
import { type ArbiterState, createGroup, type GroupState, type Rollout, type Writable } from './state.js'
import type { WorkerRow } from './worker-table.js'

type Policies = ReadonlyMap<string, GroupPolicy>

/** The groups of the first generation. */
export function applyGroups(state: Writable<ArbiterState>, generation: number, policies: Policies): void {
  state.groups = new Map(
    [...policies].map(([name, policy]) => [name, createGroup(name, policy, generation)] as const),
  )
}

/** For a check: workers stay in standby. */
export function applyHold(state: Writable<ArbiterState>): void {
  state.isHeld = true
}

/** Groups that the rolling generation does not have leave. */
export function leaveAllBut(state: Writable<ArbiterState>, stay: { has(name: string): boolean }): void {
  const leaving = [...state.groups.keys()].filter(name => !stay.has(name))
  state.leaving = new Set([...state.leaving, ...leaving])
}

/** The reload that removed the leaving groups is done, and nothing later brings them back. */
export function emptyLeaving({ groups, leaving }: ArbiterState): void {
  for (const name of leaving) {
    const group: Writable<GroupState> | undefined = groups.get(name)
    if (group) group.policy = { ...group.policy, workers: 0 }
  }
}

/** The group of a worker, unless it is forgotten. */
export function groupOf({ groups }: ArbiterState, row: WorkerRow): Writable<GroupState> | undefined {
  return groups.get(row.group)
}

/** The rollout that a worker belongs to. */
export function rolloutOf({ rollout }: GroupState, row: WorkerRow): Writable<Rollout> | undefined {
  return rollout?.generation === row.generation ? rollout : undefined
}

/** Forgets leaving groups that have no worker any more. */
export function forgetGone(state: Writable<ArbiterState>): void {
  if (state.leaving.size === 0) return
  const alive = new Set(state.table.rows().map(({ group }) => group))
  const isGone = (name: string): boolean => state.leaving.has(name) && !alive.has(name)
  state.groups = new Map([...state.groups].filter(([name]) => !isGone(name)))
  state.leaving = new Set([...state.leaving].filter(name => !isGone(name)))
}

/** Every group continues with the generation that it has. */
export function dropRollouts({ groups }: ArbiterState): void {
  for (const group of groups.values()) {
    const writable: Writable<GroupState> = group
    writable.rollout = undefined
  }
}
