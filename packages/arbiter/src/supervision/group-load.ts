/** Derives the work that the workers of a group do from their heartbeats. Pure. */
import { isExamined } from './examinations.js'
import type { AutoscalePolicy } from './group-policy.js'
import { type GroupState, policyFor } from './state.js'
import type { WorkerRow } from './worker-table.js'

/** Two heartbeats: a worker that is silent for longer is blocked, or fully occupied by one request. */
const silenceMs = 2_000
/** The first heartbeats of a worker still describe its boot. */
const youngMs = 2_000
/** Waiting requests count, but one long queue must not decide alone. */
const mostBusy = 2

/** The load as a number of workers that would be busy all the time. */
export function groupLoad(group: GroupState, rows: readonly WorkerRow[], now: number): number {
  return rows
    .filter(row => row.state === 'serving' && !row.killed)
    .reduce((sum, row) => sum + busyShare(row, policyFor(group, row.generation).autoscale, now), 0)
}

/** At 1 the worker could not do more. Above 1, requests wait. */
function busyShare(row: WorkerRow, policy: AutoscalePolicy | undefined, now: number): number {
  const { sample, servingAt = now } = row
  if (isSilent(row, now)) return 1
  if (!sample) return 0
  const isYoung = now - servingAt < youngMs
  return Math.min(
    mostBusy,
    Math.max(
      isYoung ? 0 : Math.min(1, sample.eventLoopUtilization),
      sample.load ?? 0,
      policy?.isSingle ? Math.min(1, sample.inFlight) : 0,
      // At the limit the worker accepts no more.
      policy && !policy.isSingle && policy.connections > 0 ? sample.connections / policy.connections : 0,
    ),
  )
}

/** An examination, or a pause in a debugger, is not work. */
function isSilent(row: WorkerRow, now: number): boolean {
  return now - row.silentSince > silenceMs && !row.blocked?.isPaused && !isExamined(row, now)
}
