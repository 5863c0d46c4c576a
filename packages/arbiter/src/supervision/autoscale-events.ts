/** How the load of groups changes the number of workers that they want. No I/O. */

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

/** Boots count as failing until this long after the last retry. */
const failingMs = 60_000

/** One look at the load of every group. `ownBytes`: memory of the arbiter. */
export function applyLoad(state: ArbiterState, now: number, ownBytes: () => number): void {
  const scaled = [...state.groups.values()].filter(group => autoscaleOf(group) && !group.isScaledByHand)
  const hasLimit = scaled.some(group => (autoscaleOf(group)?.maxRssTotalBytes ?? 0) > 0)
  let used = hasLimit ? usedBytes(state, ownBytes()) : 0
  for (const group of scaled) {
    const policy = autoscaleOf(group)
    if (!policy) continue
    // A group that is new with a reload has no workers until the reload rolls.
    if (!group.autoscale && targetOf(group) === 0) continue
    const last = group.autoscale ?? beginAutoscale(targetOf(group), now)
    const next = isResting(state, group)
      ? restAutoscale(last, now)
      : nextAutoscale(last, viewOf(state, group, { policy, now, used }))
    used += (next.workers - last.workers) * usualBytes(state, group.name)
    remember(group, next)
  }
}

/** A reload may bring new bounds, or the first ones. It also undoes scaling by hand. */
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

/** Drops the memory of a group whose staying generation has no `autoscale`, although the one that is gone had it. */
export function forgetForeignAutoscale(group: Writable<GroupState>): void {
  if (!group.policy.autoscale) group.autoscale = undefined
}

/** How many workers are wanted in each group that scales with its load. An arbiter that takes over starts from these numbers. */
export function autoscaledWorkers({ groups }: ArbiterState): ReadonlyMap<string, number> {
  const scaled = [...groups.values()].filter(group => autoscaleOf(group) && !group.isScaledByHand)
  return new Map(scaled.map(group => [group.name, targetOf(group)] as const))
}

/** Starts from the numbers that the predecessor wanted. */
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

/** The group has no workers, or half of its load is with the arbiter that this one may replace. */
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

/** The worker will soon free its memory. Where workers come and go with the requests, others take its place at once. */
function isPassing({ groups }: ArbiterState, row: WorkerRow): boolean {
  const group = groups.get(row.group)
  const isRoutine = group !== undefined && policyFor(group, row.generation).spares > 0
  return !isRoutine && (row.retire !== undefined || !isLive(row))
}

function bootMsOf({ bootedAt, spawnedAt }: WorkerRow): number {
  return bootedAt === undefined ? 0 : bootedAt - spawnedAt
}
