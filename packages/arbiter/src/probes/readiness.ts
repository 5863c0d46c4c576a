/** Whether a load balancer should send requests here. Pure: it is decided from the state, without asking a worker. */
import {
  type ArbiterState,
  type GroupState,
  policyFor,
  targetOf,
  wantedGeneration,
} from '../supervision/state.js'
import type { WorkerRow } from '../supervision/worker-table.js'

export type Readiness =
  | { readonly isReady: true }
  | {
      readonly isReady: false
      /** `no-workers`: `groups` lists the groups that have served before and do not serve now. */
      readonly reason: 'starting' | 'stopping' | 'parked' | 'no-workers'
      readonly groups?: readonly string[]
    }

export function readinessOf(state: ArbiterState): Readiness {
  if (state.stop) return { isReady: false, reason: 'stopping' }
  if (state.isParked) return { isReady: false, reason: 'parked' }
  // Groups that a reload removes, or adds but has not started yet, are not waited for.
  const wanted = [...state.groups.values()].filter(
    group => !state.leaving.has(group.name) && targetOf(group) > 0,
  )
  const idle = wanted.filter(group => !state.table.rowsOf(group.name).some(row => serves(row, group)))
  if (wanted.length > 0 && idle.length === 0) return { isReady: true }
  if (idle.some(group => !group.wasReady) || wanted.length === 0)
    return { isReady: false, reason: 'starting' }
  return { isReady: false, reason: 'no-workers', groups: idle.map(({ name }) => name) }
}

function serves(row: WorkerRow, group: GroupState): boolean {
  if (row.killed || row.abortedAt !== undefined) return false
  if (row.state === 'serving' || row.state === 'promoting') return true
  // In groups whose workers leave after a request, successors are on their way, and new connections wait in the kernel's queue.
  const isRoutine = group.wasReady && policyFor(group, wantedGeneration(group)).spares > 0
  if (!isRoutine || row.drain) return false
  return row.state === 'standby' || (row.state === 'booting' && group.budget.failures === 0)
}
