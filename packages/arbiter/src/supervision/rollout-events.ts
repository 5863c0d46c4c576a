/** How groups change from one generation to the next. No I/O. */
import { forgetForeignAutoscale, resumeAutoscale } from './autoscale-events.js'
import { nothingCompared, type Outcomes, withGrowth } from './canary-errors.js'
import { dropRollouts } from './group-events.js'
import type { GroupPolicy } from './group-policy.js'
import { type ArbiterState, createGroup, type GroupState, type Rollout, type Writable } from './state.js'
import type { WorkerRow } from './worker-table.js'

export function enterPhase({ groups }: ArbiterState, phase: Rollout['phase']): void {
  for (const { rollout } of groups.values()) {
    const writable: Writable<Rollout> | undefined = rollout
    if (writable) writable.phase = phase
  }
}

/** Requests of a worker have ended; `outcomes` holds its totals. */
export function noteOutcomes({ groups }: ArbiterState, row: Writable<WorkerRow>, outcomes: Outcomes): void {
  const before = row.outcomes
  row.outcomes = outcomes
  const rollout: Writable<Rollout> | undefined = groups.get(row.group)?.rollout
  if (rollout?.phase !== 'proving') return
  const side = row.generation === rollout.generation ? 'fresh' : 'old'
  rollout.compared = { ...rollout.compared, [side]: withGrowth(rollout.compared[side], before, outcomes) }
}

/** One group is done. The rollout ends with the last group; until then every group can go back. */
export function finishRollout({ groups }: ArbiterState, name: string, now: number): void {
  const done: Writable<Rollout> | undefined = groups.get(name)?.rollout
  if (done) done.isDone = true
  const all = [...groups.values()]
  if (all.some(({ rollout }) => rollout?.isDone === false)) return
  for (const { name, rollout } of all) {
    const group: Writable<GroupState> | undefined = groups.get(name)
    if (!group || !rollout) continue
    resumeAutoscale(group, rollout.policy, now)
    group.generation = rollout.generation
    group.policy = rollout.policy
    group.rollout = undefined
  }
}

/** Every group returns to its old generation, even one that was about to leave. A group that is new with this rollout leaves. */
export function revertRollouts(state: Writable<ArbiterState>): void {
  dropRollouts(state)
  for (const group of state.groups.values()) forgetForeignAutoscale(group)
  const withoutCode = [...state.groups.values()].filter(({ policy }) => policy.workers === 0)
  state.leaving = new Set(withoutCode.map(({ name }) => name))
}

/** Begins a change of generation in every group of `policies`. Groups that are not in `policies` leave once it rolls. */
export function beginRollout(
  state: Writable<ArbiterState>,
  generation: number,
  policies: ReadonlyMap<string, GroupPolicy>,
): void {
  for (const [name, policy] of policies) {
    // A new group has nothing to go back to, so it has no workers until the new generation rolls.
    const group: Writable<GroupState> =
      state.groups.get(name) ?? createGroup(name, { ...policy, workers: 0 }, generation - 1)
    state.groups = new Map(state.groups).set(name, group)
    group.rollout = beginning(generation, policy)
  }
  state.leaving = new Set([...state.leaving].filter(name => !policies.has(name)))
}

function beginning(generation: number, policy: GroupPolicy): Rollout {
  return {
    generation,
    policy,
    phase: 'canary',
    failures: 0,
    servingSince: undefined,
    compared: nothingCompared,
    left: 0,
    isDone: false,
  }
}
