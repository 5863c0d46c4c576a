/** How the load of groups changes how many workers they want. No I/O. */

import { clamp } from '../clamp.js'
import {
  type Autoscale,
  type AutoscaleView,
  beginAutoscale,
  type MemoryView,
  nextAutoscale,
  restAutoscale,
} from './autoscale.js'
import { groupLoad } from './group-load.js'
import type { AutoscalePolicy, GroupPolicy } from './group-policy.js'
import { isLive } from './is-live.js'
import { usedBytes, usualBytes } from './server-memory.js'
import {
  type ArbiterState,
  type GroupState,
  policyFor,
  targetOf,
  targetUnder,
  type Writable,
  wantedGeneration,
  wantedWorkers,
} from './state.js'
import type { WorkerRow } from './worker-table.js'

/** For so long after it was tried again to boot a worker, boots count as failing. */
const failingMs = 60_000

/** One look at the load of every group. `ownBytes`: memory of the arbiter. */
export function applyLoad(state: ArbiterState, now: number, ownBytes: () => number): void {
  const scaled = [...state.groups.values()].filter(group => autoscaleOf(group) && !group.isScaledByHand)
  const hasLimit = scaled.some(group => (autoscaleOf(group)?.maxRssTotalBytes ?? 0) > 0)
  let used = hasLimit ? usedBytes(state, ownBytes()) : 0
  for (const group of scaled) {
    const policy = autoscaleOf(group)
    if (!policy) continue
    // One that comes with a reload has no workers before that rolls.
    if (!group.autoscale && targetOf(group) === 0) continue
    const last = group.autoscale ?? beginAutoscale(targetOf(group), now)
    const next = isResting(state, group)
      ? restAutoscale(last, now)
      : nextAutoscale(last, viewOf(state, group, { policy, now, used }))
    used += (next.workers - last.workers) * usualBytes(state, group.name)
    remember(group, next)
  }
}

/** A reload may bring other bounds, or the first; and it takes back what was scaled by hand. */
export function resumeAutoscale(group: Writable<GroupState>, policy: GroupPolicy, now: number): void {
  const { autoscale } = policy
  const isFirst = autoscale !== undefined && !group.policy.autoscale
  if (autoscale && (isFirst || group.isScaledByHand)) {
    const workers = clamp(targetUnder(policy, group), autoscale.min, autoscale.max)
    group.autoscale = beginAutoscale(workers, now)
    group.scaleBy = 0
  }
  if (!autoscale) group.autoscale = undefined
  group.isScaledByHand = false
}

/** A generation that is gone had it, and the one that stays has not. */
export function forgetForeignAutoscale(group: Writable<GroupState>): void {
  if (!group.policy.autoscale) group.autoscale = undefined
}

/** How many workers are wanted of the groups whose load says so: what an arbiter that takes over goes on with. */
export function autoscaledWorkers({ groups }: ArbiterState): ReadonlyMap<string, number> {
  const scaled = [...groups.values()].filter(group => autoscaleOf(group) && !group.isScaledByHand)
  return new Map(scaled.map(group => [group.name, targetOf(group)] as const))
}

/** What the arbiter before this one wanted. */
export function inheritWorkers(
  { groups }: ArbiterState,
  wanted: ReadonlyMap<string, number>,
  now: number,
): void {
  for (const group of groups.values()) {
    const workers = wanted.get(group.name)
    const policy = group.policy.autoscale
    if (workers !== undefined && policy)
      remember(group, beginAutoscale(clamp(workers, policy.min, policy.max), now))
  }
}

function remember(group: Writable<GroupState>, autoscale: Autoscale): void {
  group.autoscale = autoscale
}

function autoscaleOf(group: GroupState): AutoscalePolicy | undefined {
  return policyFor(group, wantedGeneration(group)).autoscale
}

/** It has no workers, or half of its load is elsewhere: with the arbiter that this one may replace. */
function isResting(state: ArbiterState, group: GroupState): boolean {
  const { isHeld, stop, trial } = state
  if (isHeld || trial !== undefined || stop !== undefined) return true
  return !group.hasServed || wantedWorkers(state, group) === 0
}

interface Look {
  readonly policy: AutoscalePolicy
  readonly now: number
  readonly used: number
}

function viewOf(state: ArbiterState, group: GroupState, { policy, now, used }: Look): AutoscaleView {
  const { budget, name, rollout } = group
  const rows = state.table.rowsOf(name)
  return {
    now,
    min: policy.min,
    max: policy.max,
    ready: rows.filter(row => isLive(row) && row.state !== 'booting').length,
    load: groupLoad(group, rows, now),
    bootMs: Math.max(0, ...rows.map(bootMsOf)),
    isFailing: budget.failures > 0 && now < budget.notBefore + failingMs,
    mayGoBack: rollout !== undefined || state.hasSuccessor,
    memory: policy.maxRssTotalBytes === 0 ? undefined : memoryOf(state, group, { policy, now, used }),
  }
}

function memoryOf(state: ArbiterState, { name }: GroupState, { policy, used }: Look): MemoryView {
  return {
    limit: policy.maxRssTotalBytes,
    used,
    size: usualBytes(state, name),
    isPassing: state.table.rows().some(row => isPassing(state, row)),
  }
}

/** It is about to be gone. Where workers come and go with the requests, others take its place at once. */
function isPassing({ groups }: ArbiterState, row: WorkerRow): boolean {
  const group = groups.get(row.group)
  const isRoutine = group !== undefined && policyFor(group, row.generation).spares > 0
  return !isRoutine && (row.retire !== undefined || !isLive(row))
}

function bootMsOf({ bootedAt, spawnedAt }: WorkerRow): number {
  return bootedAt === undefined ? 0 : bootedAt - spawnedAt
}
