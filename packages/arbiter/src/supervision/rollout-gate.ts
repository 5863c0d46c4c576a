/** The next step of a rollout, for all groups together: one broken group keeps every group as it was. Pure. */
import type { Action } from './actions.js'
import { canaryProblem } from './canary-errors.js'
import { isLive } from './is-live.js'
import {
  type ArbiterState,
  type GroupState,
  hasCanaryWindow,
  policyFor,
  type Rollout,
  wantedGeneration,
  wantedWorkers,
} from './state.js'
import type { WorkerRow } from './worker-table.js'

/** How many workers of a new generation may fail in each phase before the rollout is called off. */
const allowedFailures: Readonly<Record<Rollout['phase'], number>> = {
  // A generation whose first worker does not boot has little hope.
  canary: 0,
  // Code that has always crashed now and then can still be replaced.
  proving: 1,
  rolling: 2,
}

/** Two heartbeats: a canary that is silent for longer may be blocked. */
const silenceMs = 2_000

export function rolloutGate(state: ArbiterState, now: number): Action | undefined {
  const rolling = [...state.groups.values()].filter(isRollingOut)
  const failed = rolling.find(({ rollout }) => rollout.failures > allowedFailures[rollout.phase])
  if (failed) return { type: 'rollout-failed', group: failed.name }
  for (const { name, rollout } of rolling) {
    const { phase, compared, policy } = rollout
    const problem = phase === 'proving' ? canaryProblem(compared, policy.canaryMaxErrors) : undefined
    if (problem !== undefined) return { type: 'rollout-failed', group: name, problem }
  }
  const done = rolling.find(group => isRolling(group) && isRolled(state, group))
  if (done) return { type: 'rollout-done', group: done.name }
  const canaries = rolling.filter(({ rollout }) => rollout.phase === 'canary')
  if (canaries.length > 0)
    return canaries.every(group => findCanary(state, group, 'standby')) ? { type: 'prove' } : undefined
  const proving = rolling.filter(({ rollout }) => rollout.phase === 'proving')
  const isProven = proving.every(group => isGroupProven(state, group, now))
  return proving.length > 0 && isProven ? { type: 'roll' } : undefined
}

type GroupInRollout = GroupState & { readonly rollout: Rollout }

function isRollingOut(group: GroupState): group is GroupInRollout {
  return group.rollout !== undefined
}

function isRolling({ rollout }: GroupInRollout): boolean {
  return rollout.phase === 'rolling' && !rollout.isDone
}

function isRolled(state: ArbiterState, group: GroupState): boolean {
  const live = state.table.rowsOf(group.name).filter(isLive)
  const wanted = wantedGeneration(group)
  if (live.some(row => row.generation !== wanted)) return false
  const serving = live.filter(row => row.state === 'serving').length
  // Where workers leave after a request, there may never be enough of them at the same time.
  const { left = 0 } = group.rollout ?? {}
  return serving + left >= wantedWorkers(state, group)
}

function findCanary(
  { table }: ArbiterState,
  { name, rollout }: GroupInRollout,
  wanted: WorkerRow['state'],
): WorkerRow | undefined {
  return table
    .rowsOf(name)
    .find(row => row.generation === rollout.generation && row.state === wanted && isLive(row))
}

/** The canary has served for long enough and is alive. A group that serves nobody has nothing to prove. */
function isGroupProven(state: ArbiterState, group: GroupInRollout, now: number): boolean {
  const { policy, servingSince } = group.rollout
  if (!hasCanaryWindow(state, group)) return true
  if (servingSince === undefined || now - servingSince < policy.canaryMs) return false
  // Its replacement may serve already, but not for long enough. The end of this one decides.
  if (state.table.rowsOf(group.name).some(row => isBeingKilled(group, row))) return false
  const canary = findCanary(state, group, 'serving')
  // A worker with spares behind it leaves after its request, and the next one is then on its way.
  if (!canary) return policy.spares > 0
  // If the canary is blocked, its timeout decides.
  return !isUnheard(state, canary, now)
}

function isBeingKilled({ rollout }: GroupInRollout, row: WorkerRow): boolean {
  return row.generation === rollout.generation && (row.abortedAt !== undefined || row.killed !== undefined)
}

/** A serving worker may be blocked; its timeout has to decide that. */
export function isUnheard(
  { groups }: ArbiterState,
  { group, generation, silentSince }: WorkerRow,
  now: number,
): boolean {
  const owner = groups.get(group)
  return owner !== undefined && policyFor(owner, generation).timeoutMs > 0 && now - silentSince > silenceMs
}
