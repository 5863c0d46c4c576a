/**
 * Decides what has to be done. Pure: the same state and clock give the same actions, and nothing here waits, sends or
 * logs. A replacement always comes first: a worker drains once its successor serves.
 */
import type { Action } from './actions.js'
import { overdue } from './deadlines.js'
import { isLive } from './is-live.js'
import type { Reason } from './reason.js'
import { givingUp } from './restarts.js'
import { rolloutGate } from './rollout-gate.js'
import { freeSlots, isOccupied } from './slots.js'
import {
  type ArbiterState,
  type GroupState,
  hasCanaryWindow,
  isCanary,
  isStopping,
  policyFor,
  targetUnder,
  wantedGeneration,
  wantedWorkers,
} from './state.js'
import type { WorkerRow } from './worker-table.js'

/** How long a worker without requests may take to end. */
const idleDrainMs = 1_000

export function reconcile(state: ArbiterState, now: number): readonly Action[] {
  const rows = state.table.rows()
  const late = rows.flatMap(row => {
    const group = state.groups.get(row.group)
    const action = group && overdue(row, policyFor(group, row.generation), now)
    return action ? [action] : []
  })
  if (late.length > 0) return late
  if (isStopping(state, now)) return stopping(state, rows, now)
  if (state.fatalBoot && ![...state.groups.values()].some(group => group.wasReady))
    return rows.length === 0 ? [{ type: 'halt', cause: 'boot-failed' }] : []
  const end = givingUp(state)
  if (end) return [end]
  const gate = rolloutGate(state, now)
  if (gate) return [gate]
  return [...state.groups.values()].flatMap(group =>
    reconcileGroup(state, group, state.table.rowsOf(group.name), now),
  )
}

function stopping(state: ArbiterState, rows: readonly WorkerRow[], now: number): readonly Action[] {
  const { stop } = state
  if (!stop) return []
  if (rows.length === 0) return [{ type: 'halt', cause: 'stopped' }]
  return rows.flatMap((row): readonly Action[] => {
    if (row.killed || row.state === 'closed') return []
    if (stop.mode === 'kill') return [{ type: 'kill', age: row.age, reason: stop.reason }]
    const deadlineMs = stop.mode === 'quick' ? idleDrainMs : drainMs(state, row)
    const isAskedEnough =
      row.drain !== undefined && row.drain.deadline <= Math.max(now, stop.drainAt) + deadlineMs
    return isAskedEnough ? [] : [{ type: 'drain', age: row.age, deadlineMs, reason: stop.reason }]
  })
}

/** How long a worker may take to drain: as long as its requests may take, if it has any. */
function drainMs(state: ArbiterState, row: WorkerRow): number {
  if (row.state === 'booting' || row.state === 'standby') return idleDrainMs
  const group = state.groups.get(row.group)
  return group ? policyFor(group, row.generation).gracefulTimeoutMs : idleDrainMs
}

function reconcileGroup(
  state: ArbiterState,
  group: GroupState,
  all: readonly WorkerRow[],
  now: number,
): readonly Action[] {
  const wanted = wantedGeneration(group)
  const target = wantedWorkers(state, group)
  const slots = target === 0 ? 0 : target + policyFor(group, wanted).spares
  const isFresh = (row: WorkerRow): boolean => row.generation === wanted && !row.retire && row.slot < slots
  const live = all.filter(isLive)
  const workers = live.filter(row => !isCanary(group, row))
  const view: GroupView = {
    group,
    now,
    target,
    slots,
    all,
    fresh: workers.filter(isFresh),
    outdated: workers.filter(row => !isFresh(row)),
    booting: live.filter(row => row.state === 'booting').length,
  }
  // One worker shows what all of them would.
  if (state.isHeld) return live.length === 0 ? spawns(view, []).slice(0, 1) : []
  const canary = canaryStep(state, view, live)
  return [...canary, ...spawns(view, canary), ...promotions(view), ...drains(view, state)]
}

interface GroupView {
  readonly group: GroupState
  readonly now: number
  readonly target: number
  /** The target and its spares. */
  readonly slots: number
  /** Every process of the group, including those that are leaving. */
  readonly all: readonly WorkerRow[]
  /** Workers of the wanted generation that may stay. */
  readonly fresh: readonly WorkerRow[]
  /** Workers to be replaced: those of another generation, retiring, or in a slot that no longer exists. */
  readonly outdated: readonly WorkerRow[]
  readonly booting: number
}

/** There is one canary at a time, in addition to the target. It serves once the canaries of the other groups could serve too. */
function canaryStep(state: ArbiterState, view: GroupView, live: readonly WorkerRow[]): readonly Action[] {
  const { group } = view
  const { rollout } = group
  if (!rollout || rollout.phase === 'rolling') return []
  const canaries = live.filter(row => isCanary(group, row))
  if (canaries.length === 0) {
    const { generation, policy } = rollout
    if (processRoom(view) <= 0) return []
    // It gets the last slot, because work that must run only once is mostly tied to the first.
    const slot = Math.max(0, targetUnder(policy, group) + policy.spares - 1)
    return [{ type: 'spawn', group: group.name, generation, slot }]
  }
  const isToServe = rollout.phase === 'proving' && hasCanaryWindow(state, group)
  const ready = isToServe ? canaries.filter(isStandby) : []
  return ready.map(row => ({ type: 'promote', age: row.age }))
}

const isServing = (row: WorkerRow): boolean => row.state === 'serving'
const isActive = (row: WorkerRow): boolean => row.state === 'serving' || row.state === 'promoting'
const isStandby = (row: WorkerRow): boolean => row.state === 'standby'

/** How many workers may exist beyond the target because others wait to be replaced. */
function surge({ group, outdated }: GroupView): number {
  const wanted = wantedGeneration(group)
  if (outdated.length === 0) return 0
  const policy = policyFor(group, wanted)
  return outdated.some(row => row.generation !== wanted) ? policy.maxSurge : 1
}

/** How many serving workers may be missing because others wait to be replaced by a rollout. */
function unavailable({ group, outdated }: GroupView): number {
  const wanted = wantedGeneration(group)
  return outdated.some(row => row.generation !== wanted) ? policyFor(group, wanted).maxUnavailable : 0
}

/** How many more processes may be started, counting existing ones in any state. */
function processRoom({ group, all }: GroupView): number {
  return policyFor(group, wantedGeneration(group)).maxProcesses - all.length
}

/** `others`: the actions carried out before these. */
function spawns(view: GroupView, others: readonly Action[]): readonly Action[] {
  const { group, now, slots, fresh, outdated, booting } = view
  const generation = wantedGeneration(group)
  const { maxBooting } = policyFor(group, generation)
  const missing = slots - fresh.length
  const room = slots + surge(view) - fresh.length - outdated.length
  const spawned = others.filter(({ type }) => type === 'spawn').length
  const count = Math.min(missing, room, maxBooting - booting, processRoom(view) - spawned)
  if (count <= 0 || now < group.budget.notBefore) return []
  return freeSlots(view)
    .slice(0, count)
    .map(slot => ({ type: 'spawn', group: group.name, generation, slot }))
}

/** The generation of the worker has failed: its listeners may be closed, and it would never serve. */
function hasFailed({ group }: GroupView, row: WorkerRow): boolean {
  return row.generation > wantedGeneration(group)
}

/** In an exclusive group no worker serves beside its predecessor. */
function mayServe({ group, all }: GroupView, row: WorkerRow): boolean {
  return !policyFor(group, wantedGeneration(group)).isExclusive || !isOccupied(all, row)
}

function promotions(view: GroupView): readonly Action[] {
  const { target, fresh, outdated } = view
  const active = [...fresh, ...outdated].filter(isActive).length
  const successors = Math.min(surge(view), outdated.filter(isActive).length)
  const ready = fresh.filter(row => isStandby(row) && mayServe(view, row))
  const chosen = ready.slice(0, Math.max(0, target + successors - active))
  // Workers of the old generation that are still in standby help out if there are too few of the new one.
  const stillMissing = target - active - chosen.length
  const slots = new Set(chosen.map(({ slot }) => slot))
  const helpers = outdated.filter(
    row => isStandby(row) && !hasFailed(view, row) && mayServe(view, row) && !slots.has(row.slot),
  )
  return [...chosen, ...helpers.slice(0, Math.max(0, stillMissing))].map(row => ({
    type: 'promote',
    age: row.age,
  }))
}

function drains(view: GroupView, state: ArbiterState): readonly Action[] {
  const { group, target, slots, fresh, outdated } = view
  const everyone = [...outdated, ...fresh]
  const gracefulMs = (row: WorkerRow): number => drainMs(state, row)
  const order = (row: WorkerRow): Action => ({
    type: 'drain',
    age: row.age,
    deadlineMs: gracefulMs(row),
    reason: drainReason(state, view, row),
  })
  const serving = everyone.filter(isServing)
  const excess = Math.max(0, serving.length - target)
  const mayMiss = Math.max(0, serving.length - (target - unavailable(view)))
  const leavable = Math.max(excess, mayMiss, awaited(view))
  const replaced = succeededFirst(view).slice(0, leavable)
  const scaledDown = fresh.filter(isServing).slice(0, Math.max(0, excess - replaced.length))
  const { spares } = policyFor(group, wantedGeneration(group))
  // Workers in standby beyond the spares are about to be promoted, or belong to a target or a generation that is gone. The
  // latter must not take up the room of a successor.
  const successors = outdated.some(isActive) ? Math.min(surge(view), fresh.filter(isStandby).length) : 0
  const allowedStandby = target === 0 ? 0 : spares + successors + Math.max(0, target - serving.length)
  const standby = everyone.filter(row => isStandby(row) && !hasFailed(view, row))
  const idle = standby.slice(0, Math.max(0, standby.length - allowedStandby))
  const isBooting = (row: WorkerRow): boolean => row.state === 'booting'
  const wanted = wantedGeneration(group)
  const useless = outdated.filter(row =>
    isBooting(row) ? row.generation !== wanted || row.slot >= slots : !isServing(row) && hasFailed(view, row),
  )
  return [...replaced, ...scaledDown, ...idle, ...useless].map(order)
}

/** How many workers of an exclusive group have to leave before their successors, which are ready, may serve. */
function awaited(view: GroupView): number {
  const { group, outdated } = view
  if (!policyFor(group, wantedGeneration(group)).isExclusive) return 0
  return outdated.filter(row => isServing(row) && hasSuccessor(view, row)).length
}

/** The serving workers that are to be replaced, beginning with those whose successor is ready. */
function succeededFirst(view: GroupView): readonly WorkerRow[] {
  const serving = view.outdated.filter(isServing)
  const isSucceeded = (row: WorkerRow): boolean => hasSuccessor(view, row)
  return [...serving.filter(isSucceeded), ...serving.filter(row => !isSucceeded(row))]
}

/** A worker in the same slot serves or could serve. */
function hasSuccessor({ fresh }: GroupView, { slot }: WorkerRow): boolean {
  return fresh.some(row => row.slot === slot && row.state !== 'booting')
}

function drainReason({ isParked }: ArbiterState, { group }: GroupView, row: WorkerRow): Reason {
  if (row.retire) return row.retire
  if (row.generation > wantedGeneration(group))
    return { kind: 'reload', text: 'the reload that it belongs to has failed' }
  if (row.generation !== wantedGeneration(group))
    return { kind: 'reload', text: 'a new generation has taken over' }
  return { kind: 'scale', text: isParked ? 'the server is parked' : 'there are more workers than wanted' }
}
