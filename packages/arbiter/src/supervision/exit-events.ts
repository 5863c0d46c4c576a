/** How the end of a worker changes what the arbiter knows: what it counts against, and when the next one is spawned. No I/O. */
import { type ErrorCode, isLoadFailure } from '../errors.js'
import type { ProcessExit } from '../process/spawner.js'
import { maxDelayMs, maxKillDelayMs, provenAfterMs, spend } from './crash-budget.js'
import { problemOf, reportExit } from './exit-report.js'
import { groupOf, rolloutOf } from './group-events.js'
import { withRestart } from './restarts.js'
import { type ArbiterState, type GroupState, isStopping, type Rollout, type Writable } from './state.js'
import { noteTrial } from './trial.js'
import type { WorkerRow } from './worker-table.js'

/** Removes a worker whose process ended. `random` in [0, 1) determines the jitter of the back-off. */
export function applyExit(
  state: Writable<ArbiterState>,
  row: WorkerRow,
  exit: ProcessExit,
  now: number,
  random: number,
): void {
  state.table.remove(row.age)
  const group = groupOf(state, row)
  if (!group || isStopping(state, now)) return
  if (isUnasked(row, exit)) {
    noteUnasked(group, row, now)
    noteTrial(state, problemOf(row, reportExit(row, exit), now), failuresOf(row))
  }
  if (!isCrash(row, exit, now)) return
  delayNextSpawn(group, row, exit, { now, random })
  if (row.bootedAt !== undefined && !row.bootError) return
  // It was ready, and still could not serve.
  if (!group.hasServed) group.wasReady = state.table.rows().some(other => isReadyBeside(other, row))
  const message = row.bootError?.message ?? `A worker ${reportExit(row, exit).text}`
  state.fatalBoot ??= { code: bootErrorCode(row), message }
}

function isReadyBeside(other: WorkerRow, { group }: WorkerRow): boolean {
  return other.group === group && other.bootedAt !== undefined && !other.bootError && !other.killed
}

/** The error code of a start that fails because of this worker. */
function bootErrorCode({ bootError, killed }: WorkerRow): ErrorCode {
  if (bootError && isLoadFailure(bootError.code)) return 'APP_LOAD_FAILED'
  if (bootError?.code === 'BIND_FAILED') return bootError.code
  return killed?.reason.kind === 'boot-timeout' ? 'BOOT_TIMEOUT' : 'BOOT_FAILED'
}

/** Neither the arbiter, nor anybody outside, nor a limit of its own asked it to end. */
function isUnasked(row: WorkerRow, exit: ProcessExit): boolean {
  if (row.bootError) return true
  if (row.drain) return false
  if (row.bootedAt === undefined || row.killed) return true
  const isOrderly = exit.code === 0 && row.retire !== undefined
  return exit.signal !== 'SIGKILL' && !isOrderly
}

function noteUnasked(group: Writable<GroupState>, row: WorkerRow, now: number): void {
  const rollout = rolloutOf(group, row)
  // During a reload, the failure counts toward calling the reload off.
  if (rollout) noteFailure(rollout, row)
  else group.restarts = withRestart(group, group.policy, now)
}

/** A worker that had to be killed was blocked, which seldom passes by itself. */
function failuresOf({ killed }: WorkerRow): number {
  return killed ? 2 : 1
}

function noteFailure(rollout: Writable<Rollout>, row: WorkerRow): void {
  rollout.failures += failuresOf(row)
  rollout.servingSince = undefined
}

/** The worker was never ready, or died within a second of being ready, and nobody asked it to end. */
function isCrash(row: WorkerRow, exit: ProcessExit, now: number): boolean {
  if (!isUnasked(row, exit)) return false
  if (row.bootedAt === undefined || row.bootError) return true
  if (row.killed) return row.state === 'promoting'
  // It has served, so the next one can serve too. A delay would only cost requests that did no harm.
  if ((row.sample?.requests ?? 0) > 0) return false
  return now - (row.servingAt ?? row.bootedAt) < provenAfterMs
}

function delayNextSpawn(
  group: Writable<GroupState>,
  row: WorkerRow,
  exit: ProcessExit,
  { now, random }: { readonly now: number; readonly random: number },
): void {
  // The rollout decides whether another canary is tried. The other workers need not wait for that.
  const rollout = rolloutOf(group, row)
  if (rollout && rollout.phase !== 'rolling') return
  const isFromOutside = exit.signal === 'SIGKILL' && !row.killed
  group.budget = spend(group.budget, {
    now,
    random,
    maxMs: isFromOutside ? maxKillDelayMs : maxDelayMs,
  })
}

/** The operating system refused to start a process. */
export function applySpawnFailure(
  state: ArbiterState,
  row: Writable<WorkerRow>,
  message: string,
  now: number,
  random: number,
): void {
  row.bootError = { code: 'BOOT_FAILED', message }
  applyExit(state, row, { code: null, signal: null }, now, random)
}
