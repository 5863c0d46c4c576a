/** Whether a load balancer should send requests here. Pure: the state says it, no worker is asked. */
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
      /** `no-workers`: `groups` serve nothing although they did before. */
      readonly reason: 'starting' | 'stopping' | 'parked' | 'no-workers'
      readonly groups?: readonly string[]
    }

export function readinessOf(state: ArbiterState): Readiness {
  if (state.stop) return { isReady: false, reason: 'stopping' }
  if (state.isParked) return { isReady: false, reason: 'parked' }
  // One that a reload takes away, or brings and has not begun, is not waited for.
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
  // Workers that leave after a request have a successor on its way, and what comes meanwhile waits in the kernel's queue.
  const isRoutine = group.wasReady && policyFor(group, wantedGeneration(group)).spares > 0
  if (!isRoutine || row.drain) return false
  return row.state === 'standby' || (row.state === 'booting' && group.budget.failures === 0)
}
