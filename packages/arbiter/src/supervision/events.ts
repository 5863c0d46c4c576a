/** How what happened changes what the arbiter knows. No I/O; the caller gives the time. */
import { assertNever } from '../assert-never.js'
import { type ErrorCode, isLoadFailure } from '../errors.js'
import type { ProcessExit } from '../process/spawner.js'
import type { FromHost, HeartbeatSample, WorkerSample } from '../protocol/messages.js'
import type { Action } from './actions.js'
import { freshBudget, maxDelayMs, maxKillDelayMs, provenAfterMs, spend } from './crash-budget.js'
import { applyExamined } from './examinations.js'
import { reportExit } from './exit-report.js'
import { dropRollouts } from './group-events.js'
import type { GroupPolicy } from './group-policy.js'
import { reasonOfWorker } from './reason.js'
import {
  type ArbiterState,
  createGroup,
  type GroupState,
  isStopping,
  policyFor,
  type Rollout,
  type Writable,
} from './state.js'
import type { Place, WorkerRow, WorkerState } from './worker-table.js'

function enter(row: Writable<WorkerRow>, state: WorkerState, now: number): void {
  row.state = state
  row.stateAt = now
}

function groupOf({ groups }: ArbiterState, row: WorkerRow): Writable<GroupState> | undefined {
  return groups.get(row.group)
}

/** The rollout that a worker belongs to. */
function rolloutOf({ rollout }: GroupState, row: WorkerRow): Writable<Rollout> | undefined {
  return rollout?.generation === row.generation ? rollout : undefined
}

/** A worker is about to be spawned. */
export function applySpawn({ table }: ArbiterState, place: Place, now: number): WorkerRow {
  return table.register(place, now)
}

/** Its process has been started. */
export function applyProcess(row: Writable<WorkerRow>, pid: number | undefined): void {
  row.pid = pid
}

/** A worker said something. Messages that do not fit its state are ignored: a worker may be confused or hostile. */
export function applyMessage(
  state: ArbiterState,
  row: Writable<WorkerRow>,
  message: FromHost,
  now: number,
): void {
  row.lastBeatAt = now
  row.silentSince = now
  switch (message.type) {
    case 'awaiting-ready':
      row.isAwaitingReady = row.state === 'booting'
      return
    case 'booted':
      if (row.state !== 'booting') return
      enter(row, 'standby', now)
      row.bootedAt = now
      row.isAwaitingReady = false
      return noteReady(state, row)
    case 'serving':
      if (row.state !== 'promoting') return
      enter(row, 'serving', now)
      row.servingAt = now
      return noteServing(state, row, now)
    case 'heartbeat':
      row.sample = completed(message.sample, row.sample)
      row.blocked = undefined
      if (row.bootedAt !== undefined) row.footprint ??= message.sample.rss
      return noteProven(state, row, now)
    case 'retire':
      row.retire ??= reasonOfWorker(message.reason)
      return
    case 'leaving':
      if (row.state !== 'serving' || row.drain) return
      enter(row, 'draining', now)
      row.drain = { reason: reasonOfWorker(message.reason), at: now, deadline: now + gracefulMs(state, row) }
      return
    case 'drained':
      if (row.state !== 'booting') enter(row, 'closed', now)
      return
    case 'boot-failed':
      if (row.state === 'booting' || row.state === 'promoting')
        row.bootError = { code: message.code, message: message.message }
      return
    case 'examined':
      return applyExamined(row, message)
    case 'broadcast':
    case 'want-handles':
    case 'ask-address':
      return
    default:
      return assertNever(message)
  }
}

function completed(sample: HeartbeatSample, last: WorkerSample | undefined): WorkerSample {
  const { rss = last?.rss ?? 0, connections = last?.connections ?? 0, gauges = last?.gauges ?? {} } = sample
  return { ...sample, rss, connections, gauges }
}

function gracefulMs(state: ArbiterState, row: WorkerRow): number {
  const group = state.groups.get(row.group)
  return group ? policyFor(group, row.generation).gracefulTimeoutMs : 0
}

function noteReady(state: ArbiterState, row: WorkerRow): void {
  const group = groupOf(state, row)
  if (!group) return
  group.wasReady = true
}

/** The time of a canary begins. */
function noteServing(state: ArbiterState, row: WorkerRow, now: number): void {
  const group = groupOf(state, row)
  const rollout = group && rolloutOf(group, row)
  if (rollout) rollout.servingSince ??= now
}

/** A worker that has served for a while clears the crash budget; once, or it would hide another that crashes. */
function noteProven(state: ArbiterState, row: Writable<WorkerRow>, now: number): void {
  const group = groupOf(state, row)
  if (!group || row.isProven || row.servingAt === undefined || now - row.servingAt < provenAfterMs) return
  row.isProven = true
  group.budget = freshBudget
}

/** A worker process ended. Removes it; `random` in [0, 1) gives the jitter of a back-off. */
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
  if (isUnasked(row, exit)) noteFailure(rolloutOf(group, row), row)
  if (!isCrash(row, exit, now)) return
  delayNextSpawn(group, row, exit, { now, random })
  if (row.bootedAt !== undefined && !row.bootError) return
  const message = row.bootError?.message ?? `A worker ${reportExit(row, exit).text}`
  state.fatalBoot ??= { code: bootErrorCode(row), message }
}

/** What the start of a server ends with that has no better worker than this one. */
function bootErrorCode({ bootError, killed }: WorkerRow): ErrorCode {
  if (bootError && isLoadFailure(bootError.code)) return 'APP_LOAD_FAILED'
  if (bootError?.code === 'BIND_FAILED') return bootError.code
  return killed?.reason.kind === 'boot-timeout' ? 'BOOT_TIMEOUT' : 'BOOT_FAILED'
}

/** Nobody asked it to end, neither the arbiter nor somebody outside, nor a limit of its own. */
function isUnasked(row: WorkerRow, exit: ProcessExit): boolean {
  if (row.bootError) return true
  if (row.drain) return false
  if (row.bootedAt === undefined || row.killed) return true
  const isOrderly = exit.code === 0 && row.retire !== undefined
  return exit.signal !== 'SIGKILL' && !isOrderly
}

function noteFailure(rollout: Writable<Rollout> | undefined, { killed }: WorkerRow): void {
  if (!rollout) return
  // One that had to be killed was blocked, which seldom passes by itself.
  rollout.failures += killed ? 2 : 1
  rollout.servingSince = undefined
}

/** Never ready, or dead within a second of being ready, and nobody asked it to end. */
function isCrash(row: WorkerRow, exit: ProcessExit, now: number): boolean {
  if (!isUnasked(row, exit)) return false
  if (row.bootedAt === undefined || row.bootError) return true
  if (row.killed) return row.state === 'promoting'
  // It has served: the next one can serve as well, and waiting for it would cost requests that have done nothing.
  if ((row.sample?.requests ?? 0) > 0) return false
  return now - (row.servingAt ?? row.bootedAt) < provenAfterMs
}

function delayNextSpawn(
  group: Writable<GroupState>,
  row: WorkerRow,
  exit: ProcessExit,
  { now, random }: { readonly now: number; readonly random: number },
): void {
  // The rollout says whether another canary is tried; the workers beside it need not wait for that.
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

/** Remembers an action, so that it is not asked for again. `spawn` is remembered by {@link applySpawn}. */
export function commit(state: Writable<ArbiterState>, action: Action, now: number): void {
  switch (action.type) {
    case 'promote':
      return withRow(state, action.age, row => enter(row, 'promoting', now))
    case 'drain':
      return withRow(state, action.age, row => {
        row.drain = { reason: action.reason, at: now, deadline: now + action.deadlineMs }
        if (row.state !== 'booting') enter(row, 'draining', now)
      })
    case 'abort':
      return withRow(state, action.age, row => {
        row.abortedAt = now
        row.abortedFor = action.cause
      })
    case 'kill':
      return withRow(state, action.age, row => {
        row.killed = { reason: action.reason, at: now }
      })
    case 'retire':
      return withRow(state, action.age, row => {
        row.retire ??= action.reason
      })
    case 'prove':
      return enterPhase(state, 'proving')
    case 'roll':
      return enterPhase(state, 'rolling')
    case 'rollout-done':
      return finishRollout(state, action.group)
    case 'rollout-failed':
      return revertRollouts(state)
    case 'spawn':
    case 'halt':
      return
    default:
      return assertNever(action)
  }
}

function withRow(state: ArbiterState, age: number, change: (row: Writable<WorkerRow>) => void): void {
  const row = state.table.get(age)
  if (row) change(row)
}

function enterPhase({ groups }: ArbiterState, phase: Rollout['phase']): void {
  for (const { rollout } of groups.values()) {
    const writable: Writable<Rollout> | undefined = rollout
    if (writable) writable.phase = phase
  }
}

/** One group is done. All of them are when the last one is: until then every group can go back. */
function finishRollout({ groups }: ArbiterState, name: string): void {
  const done: Writable<Rollout> | undefined = groups.get(name)?.rollout
  if (done) done.isDone = true
  const all = [...groups.values()]
  if (all.some(({ rollout }) => rollout?.isDone === false)) return
  for (const { name, rollout } of all) {
    const group: Writable<GroupState> | undefined = groups.get(name)
    if (!group || !rollout) continue
    group.generation = rollout.generation
    group.policy = rollout.policy
    group.rollout = undefined
  }
}

/** Every group goes back to the generation it had, also one that was about to leave; one that is new with this rollout leaves. */
function revertRollouts(state: Writable<ArbiterState>): void {
  dropRollouts(state)
  const withoutCode = [...state.groups.values()].filter(({ policy }) => policy.workers === 0)
  state.leaving = new Set(withoutCode.map(({ name }) => name))
}

/** Begins a change of generation in every group of `policies`; groups that are not in it leave once it rolls. */
export function beginRollout(
  state: Writable<ArbiterState>,
  generation: number,
  policies: ReadonlyMap<string, GroupPolicy>,
): void {
  for (const [name, policy] of policies) {
    // A group that is new has nothing to go back to: no workers, until the new generation rolls.
    const group: Writable<GroupState> =
      state.groups.get(name) ?? createGroup(name, { ...policy, workers: 0 }, generation - 1)
    state.groups = new Map(state.groups).set(name, group)
    group.rollout = beginning(generation, policy)
  }
  state.leaving = new Set([...state.leaving].filter(name => !policies.has(name)))
}

function beginning(generation: number, policy: GroupPolicy): Rollout {
  return { generation, policy, phase: 'canary', failures: 0, servingSince: undefined, isDone: false }
}
