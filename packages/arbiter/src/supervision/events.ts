/** How events change what the arbiter knows. No I/O; the caller passes the time. */
import { assertNever } from '../assert-never.js'
import type { FromHost, HeartbeatSample, WorkerSample } from '../protocol/messages.js'
import type { Action } from './actions.js'
import { freshBudget, provenAfterMs } from './crash-budget.js'
import { applyExamined, applyInspected } from './examinations.js'
import { groupOf, rolloutOf } from './group-events.js'
import { reasonOfWorker } from './reason.js'
import { enterPhase, finishRollout, revertRollouts } from './rollout-events.js'
import { type ArbiterState, policyFor, type Writable } from './state.js'
import type { Place, WorkerRow, WorkerState } from './worker-table.js'

function enter(row: Writable<WorkerRow>, state: WorkerState, now: number): void {
  row.state = state
  row.stateAt = now
}

/** A worker is about to be spawned. */
export function applySpawn({ table }: ArbiterState, place: Place, now: number): WorkerRow {
  return table.register(place, now)
}

/** The process of a worker was started. */
export function applyProcess(row: Writable<WorkerRow>, pid: number | undefined): void {
  row.pid = pid
}

/** A worker sent a message. Messages that do not fit its state are ignored, because a worker may be confused or hostile. */
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
      return noteLeft(state, row)
    case 'drained':
      if (row.state !== 'booting') enter(row, 'closed', now)
      return
    case 'boot-failed':
      if (row.state === 'booting' || row.state === 'promoting')
        row.bootError = { code: message.code, message: message.message }
      return
    case 'examined':
      return applyExamined(row, message)
    case 'inspected':
      return applyInspected(row, message)
    case 'broadcast':
    case 'ask-address':
      return
    default:
      return assertNever(message)
  }
}

function completed(sample: HeartbeatSample, last: WorkerSample | undefined): WorkerSample {
  const { rss = last?.rss ?? 0, connections = last?.connections ?? 0, gauges = last?.gauges ?? {} } = sample
  return { ...sample, rss, connections, load: sample.load ?? last?.load, gauges }
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

/** Starts the clock of a canary. */
function noteServing(state: ArbiterState, row: WorkerRow, now: number): void {
  const group = groupOf(state, row)
  if (group) group.hasServed = true
  const rollout = group && rolloutOf(group, row)
  if (rollout) rollout.servingSince ??= now
}

function noteLeft(state: ArbiterState, row: WorkerRow): void {
  const group = groupOf(state, row)
  const rollout = group && rolloutOf(group, row)
  if (rollout?.phase === 'rolling') rollout.left += 1
}

/** A worker that has served for a while clears the crash budget, but only once. Otherwise it would hide another that crashes. */
function noteProven(state: ArbiterState, row: Writable<WorkerRow>, now: number): void {
  const group = groupOf(state, row)
  if (!group || row.isProven || row.servingAt === undefined || now - row.servingAt < provenAfterMs) return
  row.isProven = true
  group.budget = freshBudget
}

/** Records an action so that it is not asked for again. {@link applySpawn} records `spawn`. */
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
      return finishRollout(state, action.group, now)
    case 'rollout-failed':
      return revertRollouts(state)
    case 'give-up':
      state.gaveUp = { code: 'RESTARTS_EXCEEDED', message: action.message }
      return
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
