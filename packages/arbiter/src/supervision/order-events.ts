/** How orders change what the arbiter aims for. No I/O. */
import { dropRollouts } from './group-events.js'
import {
  type ArbiterState,
  type GroupState,
  mostWorkers,
  type StopOrder,
  targetUnder,
  type Writable,
} from './state.js'
import type { WorkerRow } from './worker-table.js'

/** A stop, or a harder one than the stop under way. It ends a reload that is under way. */
export function applyStop(state: Writable<ArbiterState>, order: StopOrder): void {
  const hardness = { graceful: 0, quick: 1, kill: 2 }
  if (state.stop && hardness[order.mode] <= hardness[state.stop.mode]) return
  state.stop = order
  dropRollouts(state)
}

/** WINCH drains every worker, and a reload undoes that. */
export function applyPark(state: Writable<ArbiterState>, isParked: boolean): void {
  state.isParked = isParked
}

/** An upgrade has begun or is over. The new arbiter serves beside this one, which continues if the new one does not last. */
export function applySuccessor(state: Writable<ArbiterState>, hasSuccessor: boolean): void {
  state.hasSuccessor = hasSuccessor
}

/**
 * TTIN and TTOU: `by` workers more or fewer, but at least one, and no more than the limit on processes allows. The operator
 * overrides what was measured.
 */
export function applyScale(group: Writable<GroupState>, by: number): void {
  const policy = group.rollout?.policy ?? group.policy
  const { workers } = policy
  if (policy.autoscale && !group.isScaledByHand) {
    group.scaleBy = targetUnder(policy, group) - workers
    group.isScaledByHand = true
  }
  group.scaleBy = Math.max(1 - workers, Math.min(mostWorkers(policy) - workers, group.scaleBy + by))
}

/** A CPU quota has kept the server from running for `throttledMs` until now. That time does not count as a worker's silence. */
export function applyThrottled({ table }: ArbiterState, throttledMs: number, now: number): void {
  for (const row of table.rows()) {
    const writable: Writable<WorkerRow> = row
    writable.silentSince = Math.min(now, row.silentSince + throttledMs)
  }
}
